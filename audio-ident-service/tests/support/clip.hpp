#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace audio_ident::test {

/// Audio in memory, as the tests make and compare it. Samples are interleaved, nominally in [-1, 1].
struct Clip {
    int sample_rate_hz = 44100;
    int channels = 1;
    std::vector<float> samples;

    std::size_t frames() const { return samples.size() / static_cast<std::size_t>(channels); }
    double seconds() const { return static_cast<double>(frames()) / sample_rate_hz; }
};

Clip silence(double seconds, int sample_rate_hz = 44100, int channels = 1);

/// `seconds` of `clip` from `begin_seconds` on, or what there is of it.
Clip section(const Clip& clip, double begin_seconds, double seconds);

/// One after the other; all parts must agree in rate and channels.
Clip concatenate(std::span<const Clip> parts);

/// Interleaves mono clips of one rate to as many channels; short ones are padded with silence.
Clip interleave(std::span<const Clip> channels);

/// The mean of all channels.
Clip to_mono(const Clip& clip);

Clip amplify(const Clip& clip, float gain);

/// `signal` with as much of `noise` added as gives the signal-to-noise ratio (of mean powers) asked for. The noise is
/// repeated when it is shorter; the sum is scaled down where it would clip.
Clip mix_at_snr(const Clip& signal, const Clip& noise, double snr_db);

/// Root of the mean square of all samples.
double rms(std::span<const float> samples);

}  // namespace audio_ident::test
