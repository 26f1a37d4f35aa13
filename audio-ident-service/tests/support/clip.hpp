#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace audio_ident::test {

/// Audio in memory, as the tests generate and compare it. Samples are interleaved, nominally in [-1, 1].
struct Clip {
    int sample_rate_hz = 44100;
    int channels = 1;
    std::vector<float> samples;

    std::size_t frames() const { return samples.size() / static_cast<std::size_t>(channels); }
    double seconds() const { return static_cast<double>(frames()) / sample_rate_hz; }
};

Clip silence(double seconds, int sample_rate_hz = 44100, int channels = 1);

/// Cuts `seconds` from `begin_seconds` on, or less when the clip ends earlier.
Clip section(const Clip& clip, double begin_seconds, double seconds);

/// Joins the parts one after the other. All must have the same rate and number of channels.
Clip concatenate(std::span<const Clip> parts);

/// Interleaves mono clips of one rate into a clip with that many channels. Short clips are padded with silence.
Clip interleave(std::span<const Clip> channels);

/// Averages all channels.
Clip to_mono(const Clip& clip);

Clip amplify(const Clip& clip, float gain);

/// Adds `noise` to `signal` at the given signal-to-noise ratio of mean powers, in dB. Noise that is too short is
/// repeated. The sum is scaled down if it would clip.
Clip mix_at_snr(const Clip& signal, const Clip& noise, double snr_db);

/// Root mean square of all samples.
double rms(std::span<const float> samples);

}  // namespace audio_ident::test
