#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Synthesises what happens to music between a loudspeaker and a recording, to measure the exact lane on a user's own
// library. Samples are mono. The same seed gives the same sound.

namespace audio_ident::calibration {

/// `samples` plus noise that falls by about 3 dB an octave. Its power is `snr_db` below the samples' mean power.
std::vector<float> with_noise(std::span<const float> samples, double snr_db, std::uint64_t seed);

/// `samples` in a room: with a diffuse echo as strong as the direct sound, which decays exponentially by 60 dB in
/// `decay_seconds`.
std::vector<float> in_room(std::span<const float> samples, int rate_hz, double decay_seconds, std::uint64_t seed);

/// The part of `samples` between two frequencies (0 < low < high < rate / 2), by two first-order filters at each.
std::vector<float> within_band(std::span<const float> samples, int rate_hz, double low_hz, double high_hz);

/// `samples` played `ratio` times as fast, which also changes the pitch. Linear interpolation, for ratios near 1.
std::vector<float> at_speed(std::span<const float> samples, double ratio);

/// The sum of both, as long as `samples`; the power of `other` is `ratio_db` below that of `samples`.
std::vector<float> mixed(std::span<const float> samples, std::span<const float> other, double ratio_db);

}  // namespace audio_ident::calibration
