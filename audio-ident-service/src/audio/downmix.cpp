#include "audio/downmix.hpp"

#include <algorithm>
#include <array>
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

constexpr int kBlocksPerSecond = 4;
constexpr int kFadesPerSecond = 100;     ///< a change of signs takes this part of a second
constexpr double kMemory = 0.75;         ///< of the powers from block to block: they span about a second
constexpr double kLouder = 2;            ///< power of another channel / power of the loudest before it takes its place
constexpr double kOpposed = -0.5;        ///< correlation below which a channel opposes the loudest one
constexpr double kBeginInverting = 0.1;  ///< power of the mean / power with the best signs
constexpr double kEndInverting = 0.3;

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

/// Appends each channel's samples, divided by the number of channels.
template <typename T>
void append_channels(const AVFrame& frame, bool planar, std::vector<std::vector<float>>& channels) {
    const float scale = 1.0F / (full_scale<T>() * static_cast<float>(channels.size()));
    const std::size_t step = planar ? 1 : channels.size();
    const auto count = static_cast<std::size_t>(frame.nb_samples);
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const T* from = reinterpret_cast<const T*>(frame.extended_data[planar ? c : 0]) + (planar ? 0 : c);
        std::vector<float>& channel = channels[c];
        const std::size_t before = channel.size();
        channel.resize(before + count);
        for (std::size_t i = 0; i < count; ++i) channel[before + i] = scale * to_float(from[i * step]);
    }
}

/// In eight partial sums, which the compiler can keep in one register.
double dot(std::span<const float> a, std::span<const float> b) {
    constexpr std::size_t kLanes = 8;
    std::array<float, kLanes> sums{};
    std::size_t i = 0;
    for (; i + kLanes <= a.size(); i += kLanes) {
        for (std::size_t k = 0; k < kLanes; ++k) sums[k] += a[i + k] * b[i + k];
    }
    double sum = 0;
    for (; i < a.size(); ++i) sum += a[i] * b[i];
    for (const float part : sums) sum += part;
    return sum;
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
bool with_samples(const AVFrame& frame, const Work& work) {
    if (frame.nb_samples < 0 || frame.ch_layout.nb_channels < 1) return false;
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

bool Downmixer::consume(const AVFrame& frame, int sample_rate_hz) {
    if (frame.ch_layout.nb_channels < 1) return false;
    const auto channels = static_cast<std::size_t>(frame.ch_layout.nb_channels);
    if (channels != channels_.size()) {
        flush();
        channels_.assign(channels, {});
        gains_.clear();
        signs_.clear();
        powers_.assign(channels, 0);
        products_.assign(channels, 0);
        loudest_ = 0;
    }
    block_samples_ = static_cast<std::size_t>(std::max(1, sample_rate_hz / kBlocksPerSecond));
    fade_samples_ = static_cast<std::size_t>(std::max(1, sample_rate_hz / kFadesPerSecond));
    const bool known =
        with_samples(frame, [&]<typename T>(T, bool planar) { append_channels<T>(frame, planar, channels_); });
    if (!known) return false;
    if (channels == 1) flush();
    while (channels_[0].size() >= block_samples_) mix_block(block_samples_);
    return true;
}

std::span<const float> Downmixer::take() {
    handed_out_.swap(mono_);
    mono_.clear();
    return handed_out_;
}

void Downmixer::flush() {
    if (!channels_.empty()) mix_block(channels_[0].size());
}

void Downmixer::mix_block(std::size_t count) {
    if (count == 0) return;
    if (channels_.size() == 1) {
        mono_.insert(mono_.end(), channels_[0].begin(), channels_[0].end());
        channels_[0].clear();
        return;
    }
    const std::vector<float> gains = choose_gains(count);
    apply(gains, count);
    gains_ = gains;
    for (auto& channel : channels_)
        channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(count));
}

/// 1 for each channel, or the signs that let the channels add up.
std::vector<float> Downmixer::choose_gains(std::size_t count) {
    std::vector<float> signs = opposing_signs(count);
    const bool opposed = std::find(signs.begin(), signs.end(), -1.0F) != signs.end();
    if (opposed && cancels(signs, count)) return signs;
    return std::vector<float>(channels_.size(), 1.0F);
}

/// -1 for each channel that opposes the loudest one.
std::vector<float> Downmixer::opposing_signs(std::size_t count) {
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const auto channel = std::span(channels_[c]).first(count);
        powers_[c] = kMemory * powers_[c] + dot(channel, channel);
    }
    const auto loudest = static_cast<std::size_t>(std::max_element(powers_.begin(), powers_.end()) - powers_.begin());
    // Channels of nearly the same power would take turns, and the result would change its sign each time.
    if (powers_[loudest] > kLouder * powers_[loudest_]) {
        std::fill(products_.begin(), products_.end(), 0.0);
        loudest_ = loudest;
    }
    std::vector<float> signs(channels_.size(), 1.0F);
    const auto reference = std::span(channels_[loudest_]).first(count);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        if (c == loudest_) continue;
        products_[c] = kMemory * products_[c] + dot(std::span(channels_[c]).first(count), reference);
        if (products_[c] < kOpposed * std::sqrt(powers_[c] * powers_[loudest_])) signs[c] = -1.0F;
    }
    return signs;
}

/// Whether the plain mean has lost what these signs would keep.
bool Downmixer::cancels(std::span<const float> signs, std::size_t count) {
    if (!std::equal(signs.begin(), signs.end(), signs_.begin(), signs_.end())) {
        signs_.assign(signs.begin(), signs.end());
        mean_power_ = 0;
        signed_power_ = 0;
    }
    std::vector<float> mean(count, 0.0F);
    std::vector<float> summed(count, 0.0F);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        for (std::size_t i = 0; i < count; ++i) mean[i] += channels_[c][i];
        for (std::size_t i = 0; i < count; ++i) summed[i] += signs[c] * channels_[c][i];
    }
    mean_power_ = kMemory * mean_power_ + dot(mean, mean);
    signed_power_ = kMemory * signed_power_ + dot(summed, summed);
    const bool inverting = std::find(gains_.begin(), gains_.end(), -1.0F) != gains_.end();
    return mean_power_ < (inverting ? kEndInverting : kBeginInverting) * signed_power_;
}

void Downmixer::apply(std::span<const float> gains, std::size_t count) {
    const std::size_t begin = mono_.size();
    mono_.resize(begin + count);
    const std::span<float> mono = std::span(mono_).subspan(begin);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const std::vector<float>& channel = channels_[c];
        if (c == 0) {
            for (std::size_t i = 0; i < count; ++i) mono[i] = gains[c] * channel[i];
        } else {
            for (std::size_t i = 0; i < count; ++i) mono[i] += gains[c] * channel[i];
        }
        if (gains_.empty() || gains_[c] == gains[c]) continue;
        const std::size_t fade = std::min(fade_samples_, count);
        const float step = (gains[c] - gains_[c]) / static_cast<float>(fade);
        for (std::size_t i = 0; i < fade; ++i) {
            mono[i] += (gains_[c] + step * static_cast<float>(i) - gains[c]) * channel[i];
        }
    }
}

bool mean_of_side(const AVFrame& frame, Side side, std::vector<float>& samples) {
    if (frame.nb_samples < 0) return false;
    samples.resize(static_cast<std::size_t>(frame.nb_samples));
    return with_samples(frame, [&]<typename T>(T, bool planar) {
        mean_of<T>(frame, planar, channels_of(frame.ch_layout, side), samples);
    });
}

}  // namespace audio_ident::audio
