#include "audio/waveform.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace audio_ident::audio {

namespace {

// Without the sign bit, floats compare like their bit patterns, and an integer maximum needs no branches.
std::uint32_t largest_of(std::span<const float> samples, std::uint32_t largest) {
    for (const float sample : samples) largest = std::max(largest, std::bit_cast<std::uint32_t>(sample) & 0x7fffffffU);
    return largest;
}

std::uint16_t thousandths(std::uint32_t amplitude) {
    return static_cast<std::uint16_t>(std::lround(1000 * std::min(1.0F, std::bit_cast<float>(amplitude))));
}

}  // namespace

void Waveform::reset() {
    blocks_.clear();
    in_block_ = 0;
}

void Waveform::consume(std::span<const float> samples) {
    while (!samples.empty()) {
        if (in_block_ == 0) blocks_.push_back(0);
        const auto part = samples.first(std::min(samples.size(), kBlockSamples - in_block_));
        blocks_.back() = largest_of(part, blocks_.back());
        in_block_ = (in_block_ + part.size()) % kBlockSamples;
        samples = samples.subspan(part.size());
    }
}

WaveformPeaks Waveform::finish(std::size_t most) const {
    const std::size_t count = std::min(blocks_.size(), most);
    const auto border = [&](std::size_t i) {
        return blocks_.begin() + static_cast<std::ptrdiff_t>(i * blocks_.size() / count);
    };
    WaveformPeaks peaks;
    for (std::size_t i = 0; i < count; ++i) peaks.push_back(thousandths(*std::max_element(border(i), border(i + 1))));
    return peaks;
}

}  // namespace audio_ident::audio
