#include "audio/downmix.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

namespace audio_ident::audio {

namespace {

constexpr float kMaxAmplitude = 1e6F;

template <typename T>
constexpr float full_scale() {
    if constexpr (std::is_floating_point_v<T>) return 1.0F;
    else if constexpr (sizeof(T) == 1) return 128.0F;
    else if constexpr (sizeof(T) == 2) return 32768.0F;
    else if constexpr (sizeof(T) == 4) return 2147483648.0F;
    else return 9223372036854775808.0F;
}

template <typename T>
float to_float(T sample) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        return static_cast<float>(sample) - 128.0F;
    } else if constexpr (std::is_floating_point_v<T>) {
        const auto value = static_cast<float>(sample);
        return std::abs(value) <= kMaxAmplitude ? value : 0.0F;
    } else {
        return static_cast<float>(sample);
    }
}

template <typename T>
void mean_planar(const AVFrame& frame, std::vector<float>& mono) {
    const int channels = frame.ch_layout.nb_channels;
    const float scale = 1.0F / (full_scale<T>() * static_cast<float>(channels));
    const std::size_t count = mono.size();
    for (int c = 0; c < channels; ++c) {
        const T* plane = reinterpret_cast<const T*>(frame.extended_data[c]);
        if (c == 0) {
            for (std::size_t i = 0; i < count; ++i) mono[i] = scale * to_float(plane[i]);
        } else {
            for (std::size_t i = 0; i < count; ++i) mono[i] += scale * to_float(plane[i]);
        }
    }
}

template <typename T>
void mean_interleaved(const AVFrame& frame, std::vector<float>& mono) {
    const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
    const float scale = 1.0F / (full_scale<T>() * static_cast<float>(channels));
    const T* samples = reinterpret_cast<const T*>(frame.extended_data[0]);
    const std::size_t count = mono.size();
    if (channels == 1) {
        for (std::size_t i = 0; i < count; ++i) mono[i] = scale * to_float(samples[i]);
    } else if (channels == 2) {
        for (std::size_t i = 0; i < count; ++i) {
            mono[i] = scale * to_float(samples[2 * i]) + scale * to_float(samples[2 * i + 1]);
        }
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            float sum = 0;
            for (std::size_t c = 0; c < channels; ++c) sum += scale * to_float(samples[i * channels + c]);
            mono[i] = sum;
        }
    }
}

}  // namespace

bool mean_of_channels(const AVFrame& frame, std::vector<float>& mono) {
    if (frame.nb_samples < 0 || frame.ch_layout.nb_channels < 1) return false;
    mono.resize(static_cast<std::size_t>(frame.nb_samples));
    switch (frame.format) {
        case AV_SAMPLE_FMT_U8: mean_interleaved<std::uint8_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S16: mean_interleaved<std::int16_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S32: mean_interleaved<std::int32_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S64: mean_interleaved<std::int64_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_FLT: mean_interleaved<float>(frame, mono); return true;
        case AV_SAMPLE_FMT_DBL: mean_interleaved<double>(frame, mono); return true;
        case AV_SAMPLE_FMT_U8P: mean_planar<std::uint8_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S16P: mean_planar<std::int16_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S32P: mean_planar<std::int32_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_S64P: mean_planar<std::int64_t>(frame, mono); return true;
        case AV_SAMPLE_FMT_FLTP: mean_planar<float>(frame, mono); return true;
        case AV_SAMPLE_FMT_DBLP: mean_planar<double>(frame, mono); return true;
        default: return false;
    }
}

}  // namespace audio_ident::audio
