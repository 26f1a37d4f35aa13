#include "audio/downmix.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
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

template <typename T>
void mean_of(const AVFrame& frame, bool planar, std::span<const int> channels, std::vector<float>& samples) {
    const float scale = 1.0F / (full_scale<T>() * static_cast<float>(channels.size()));
    const std::size_t step = planar ? 1 : static_cast<std::size_t>(frame.ch_layout.nb_channels);
    std::fill(samples.begin(), samples.end(), 0.0F);
    for (const int channel : channels) {
        const T* from = reinterpret_cast<const T*>(frame.extended_data[planar ? channel : 0]) + (planar ? 0 : channel);
        for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += scale * to_float(from[i * step]);
    }
}

/// Calls work(T(), is_planar) with the sample type T of the frame. Returns false for an unknown sample format.
template <typename Work>
bool with_samples(const AVFrame& frame, std::vector<float>& samples, const Work& work) {
    if (frame.nb_samples < 0 || frame.ch_layout.nb_channels < 1) return false;
    samples.resize(static_cast<std::size_t>(frame.nb_samples));
    const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
    switch (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format))) {
        case AV_SAMPLE_FMT_U8: work(std::uint8_t(), planar); return true;
        case AV_SAMPLE_FMT_S16: work(std::int16_t(), planar); return true;
        case AV_SAMPLE_FMT_S32: work(std::int32_t(), planar); return true;
        case AV_SAMPLE_FMT_S64: work(std::int64_t(), planar); return true;
        case AV_SAMPLE_FMT_FLT: work(float(), planar); return true;
        case AV_SAMPLE_FMT_DBL: work(double(), planar); return true;
        default: return false;
    }
}

std::optional<Side> side_of(AVChannel channel) {
    static constexpr std::pair<AVChannel, AVChannel> kPairs[] = {
        {AV_CHAN_FRONT_LEFT, AV_CHAN_FRONT_RIGHT},
        {AV_CHAN_BACK_LEFT, AV_CHAN_BACK_RIGHT},
        {AV_CHAN_SIDE_LEFT, AV_CHAN_SIDE_RIGHT},
        {AV_CHAN_FRONT_LEFT_OF_CENTER, AV_CHAN_FRONT_RIGHT_OF_CENTER},
        {AV_CHAN_TOP_FRONT_LEFT, AV_CHAN_TOP_FRONT_RIGHT},
        {AV_CHAN_TOP_BACK_LEFT, AV_CHAN_TOP_BACK_RIGHT},
        {AV_CHAN_STEREO_LEFT, AV_CHAN_STEREO_RIGHT},
        {AV_CHAN_WIDE_LEFT, AV_CHAN_WIDE_RIGHT}};
    for (const auto& [left, right] : kPairs) {
        if (channel == left) return Side::left;
        if (channel == right) return Side::right;
    }
    return std::nullopt;
}

std::vector<int> channels_of(const AVChannelLayout& layout, Side side) {
    std::vector<int> channels;
    for (int i = 0; i < layout.nb_channels; ++i) {
        const auto its_side = layout.nb_channels == 2
                                  ? std::optional(i == 0 ? Side::left : Side::right)
                                  : side_of(av_channel_layout_channel_from_index(&layout, static_cast<unsigned>(i)));
        if (its_side.value_or(side) == side) channels.push_back(i);
    }
    return channels;
}

}  // namespace

bool mean_of_channels(const AVFrame& frame, std::vector<float>& mono) {
    return with_samples(frame, mono, [&]<typename T>(T, bool planar) {
        if (planar) mean_planar<T>(frame, mono);
        else mean_interleaved<T>(frame, mono);
    });
}

bool mean_of_side(const AVFrame& frame, Side side, std::vector<float>& samples) {
    return with_samples(frame, samples, [&]<typename T>(T, bool planar) {
        mean_of<T>(frame, planar, channels_of(frame.ch_layout, side), samples);
    });
}

}  // namespace audio_ident::audio
