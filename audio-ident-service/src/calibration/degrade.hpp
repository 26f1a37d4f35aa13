#pragma once

#include <cstdint>
#include <span>
#include <vector>

// What happens to music between a loudspeaker and a recording, synthesised: for measuring the exact lane on a user's own
// library. Mono samples; the same seed gives the same sound.

namespace audio_ident::calibration {

/// `samples` with noise that falls by some 3 dB an octave, `snr_db` below the samples' mean power.
std::vector<float> with_noise(std::span<const float> samples, double snr_db, std::uint64_t seed);

/// `samples` in a room: an exponentially decaying diffuse echo of `decay_seconds` (to -60 dB), as strong as the direct sound.
std::vector<float> in_room(std::span<const float> samples, int rate_hz, double decay_seconds, std::uint64_t seed);

/// Only what lies between the two frequencies (0 < low < high < rate / 2): first-order slopes, twice.
std::vector<float> within_band(std::span<const float> samples, int rate_hz, double low_hz, double high_hz);

/// `samples` played `ratio` times as fast, pitch and all: linear interpolation. `ratio` near 1.
std::vector<float> at_speed(std::span<const float> samples, double ratio);

/// Both at once, the second scaled to `ratio_db` below the first; as long as the first.
std::vector<float> mixed(std::span<const float> samples, std::span<const float> other, double ratio_db);

}  // namespace audio_ident::calibration
