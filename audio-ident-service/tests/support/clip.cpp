#include "support/clip.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace audio_ident::test {

namespace {

std::size_t frame_index(const Clip& clip, double seconds) {
    const double frame = std::round(std::max(0.0, seconds) * clip.sample_rate_hz);
    return std::min(static_cast<std::size_t>(frame), clip.frames());
}

}  // namespace

Clip silence(double seconds, int sample_rate_hz, int channels) {
    const auto frames = static_cast<std::size_t>(std::round(seconds * sample_rate_hz));
    return Clip{sample_rate_hz, channels, std::vector<float>(frames * static_cast<std::size_t>(channels))};
}

Clip section(const Clip& clip, double begin_seconds, double seconds) {
    const auto channels = static_cast<std::ptrdiff_t>(clip.channels);
    const auto begin = static_cast<std::ptrdiff_t>(frame_index(clip, begin_seconds)) * channels;
    const auto end = static_cast<std::ptrdiff_t>(frame_index(clip, begin_seconds + seconds)) * channels;
    return Clip{clip.sample_rate_hz, clip.channels,
                std::vector<float>(clip.samples.begin() + begin, clip.samples.begin() + end)};
}

Clip concatenate(std::span<const Clip> parts) {
    Clip all{parts.front().sample_rate_hz, parts.front().channels, {}};
    for (const Clip& part : parts) {
        if (part.sample_rate_hz != all.sample_rate_hz || part.channels != all.channels) {
            throw std::invalid_argument("concatenate: the parts differ in rate or channels");
        }
        all.samples.insert(all.samples.end(), part.samples.begin(), part.samples.end());
    }
    return all;
}

Clip interleave(std::span<const Clip> channels) {
    std::size_t frames = 0;
    for (const Clip& channel : channels) {
        if (channel.channels != 1 || channel.sample_rate_hz != channels.front().sample_rate_hz) {
            throw std::invalid_argument("interleave: mono clips of one rate are needed");
        }
        frames = std::max(frames, channel.frames());
    }
    Clip out{channels.front().sample_rate_hz, static_cast<int>(channels.size()),
             std::vector<float>(frames * channels.size())};
    for (std::size_t c = 0; c < channels.size(); ++c) {
        for (std::size_t i = 0; i < channels[c].samples.size(); ++i) {
            out.samples[i * channels.size() + c] = channels[c].samples[i];
        }
    }
    return out;
}

Clip to_mono(const Clip& clip) {
    const auto channels = static_cast<std::size_t>(clip.channels);
    Clip out{clip.sample_rate_hz, 1, std::vector<float>(clip.frames())};
    for (std::size_t i = 0; i < out.samples.size(); ++i) {
        float sum = 0;
        for (std::size_t c = 0; c < channels; ++c) sum += clip.samples[i * channels + c];
        out.samples[i] = sum / static_cast<float>(channels);
    }
    return out;
}

Clip amplify(const Clip& clip, float gain) {
    Clip out = clip;
    for (float& sample : out.samples) sample *= gain;
    return out;
}

Clip mix_at_snr(const Clip& signal, const Clip& noise, double snr_db) {
    const double noise_rms = rms(noise.samples);
    if (noise_rms == 0 || noise.sample_rate_hz != signal.sample_rate_hz || noise.channels != signal.channels) {
        throw std::invalid_argument("mix_at_snr: the noise is silent or of another rate or channel count");
    }
    const auto gain = static_cast<float>(rms(signal.samples) / noise_rms * std::pow(10.0, -snr_db / 20));
    Clip out = signal;
    float peak = 0;
    for (std::size_t i = 0; i < out.samples.size(); ++i) {
        out.samples[i] += gain * noise.samples[i % noise.samples.size()];
        peak = std::max(peak, std::abs(out.samples[i]));
    }
    return peak > 0.99F ? amplify(out, 0.99F / peak) : out;
}

double rms(std::span<const float> samples) {
    double sum = 0;
    for (const float sample : samples) sum += static_cast<double>(sample) * static_cast<double>(sample);
    return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace audio_ident::test
