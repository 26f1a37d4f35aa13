#include "audio/chromaprint.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

#include "util/multiversion.hpp"

namespace audio_ident::audio {

namespace {

// Chromaprint produces one item every 0.124 s, the first after 2.6 s of audio.
constexpr int kChromaprintRateHz = 11025;
// Chromaprint uses only frequencies below 3,520 Hz, so a short filter with its slope between 4.4 and 6.6 kHz is enough.
constexpr ffmpeg::ResamplerOptions kResampling{.filter_size = 12, .cutoff = 0.85, .kaiser_beta = 7};

constexpr std::size_t kMaxShift = 40;
constexpr std::size_t kMinItems = 15;
constexpr std::size_t kMinDistinctItems = 5;

struct Difference {
    std::size_t items = 0;  ///< compared items
    std::size_t bits = 0;   ///< differing bits in the compared items
};

/// Compares item by item but skips positions where neither fingerprint changes. Both recordings are silent or hold one
/// tone there, which makes any two recordings look alike.
AUDIO_IDENT_MULTIVERSION
Difference compare(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
    Difference difference;
    for (std::size_t i = 1; i < count; ++i) {
        const bool is_moving = a[i] != a[i - 1] || b[i] != b[i - 1];
        difference.items += is_moving ? 1 : 0;
        difference.bits += is_moving ? static_cast<std::size_t>(std::popcount(a[i] ^ b[i])) : 0;
    }
    return difference;
}

}  // namespace

ChromaprintCalculator::ChromaprintCalculator()
    : resampler_(kSampleRateHz, kChromaprintRateHz, kResampling), fingerprinter_(kChromaprintRateHz) {}

void ChromaprintCalculator::consume(std::span<const float> samples) {
    const std::size_t room = static_cast<std::size_t>(kSampleRateHz) * kMaxSeconds - consumed_;
    samples = samples.first(std::min(room, samples.size()));
    if (samples.empty()) return;
    consumed_ += samples.size();
    feed(resampler_.convert(samples));
}

void ChromaprintCalculator::feed(std::span<const float> samples) {
    block_.resize(samples.size());
    std::transform(samples.begin(), samples.end(), block_.begin(), [](float sample) {
        return static_cast<std::int16_t>(std::lrintf(std::clamp(sample, -1.0F, 1.0F) * 32767.0F));
    });
    fingerprinter_.feed(block_);
}

std::optional<Chromaprint> ChromaprintCalculator::finish() {
    if (consumed_ > 0) feed(resampler_.flush());
    fingerprinter_.finish();
    const std::vector<std::uint32_t> items = fingerprinter_.items();
    const std::unordered_set<std::uint32_t> distinct(items.begin(), items.end());
    if (items.size() <= kMinItems || distinct.size() < kMinDistinctItems) return std::nullopt;
    return Chromaprint{fingerprinter_.text(), static_cast<double>(consumed_) / kSampleRateHz};
}

std::optional<std::vector<std::uint32_t>> decode_chromaprint(std::string_view text) {
    return chromaprint::decode_fingerprint(text);
}

double chromaprint_similarity(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    const std::size_t least = std::min(a.size(), b.size()) / 2;
    double best = 0;
    const auto try_alignment = [&](std::span<const std::uint32_t> x, std::span<const std::uint32_t> y) {
        const std::size_t overlap = std::min(x.size(), y.size());
        if (overlap < least) return;
        const auto [items, bits] = compare(x.data(), y.data(), overlap);
        if (items < kMinItems) return;
        best = std::max(best, 1 - static_cast<double>(bits) / (32 * static_cast<double>(items)));
    };
    try_alignment(a, b);
    for (std::size_t shift = 1; shift <= kMaxShift; ++shift) {
        if (shift < a.size()) try_alignment(a.subspan(shift), b);
        if (shift < b.size()) try_alignment(a, b.subspan(shift));
    }
    return best;
}

}  // namespace audio_ident::audio
