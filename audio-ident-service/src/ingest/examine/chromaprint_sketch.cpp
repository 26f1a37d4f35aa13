#include "ingest/examine/chromaprint_sketch.hpp"

#include <algorithm>
#include <bit>

#include "util/multiversion.hpp"

namespace audio_ident::ingest {

namespace {

constexpr std::size_t kFirstCheck = 8;  ///< words, after which the comparison gives up a hopeless shift
constexpr int kFirstCheckErrors = 108;  ///< 42 % of their bits: a match's rate, 15 %, never varies that much

/// The place of each sketch word in the fingerprint: dense at first, for short tracks, then to the end of the 120 s
/// that Chromaprint usually covers.
constexpr std::array<std::size_t, ChromaprintSketch::kWords> make_places() {
    std::array<std::size_t, ChromaprintSketch::kWords> places{};
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i < 12 ? 6 + 12 * i : 138 + 39 * (i - 11);
    return places;
}
constexpr auto kPlaces = make_places();

AUDIO_IDENT_MULTIVERSION
int differing_bits(const std::uint32_t* a, const std::uint32_t* b, std::size_t count) {
    int bits = 0;
    for (std::size_t i = 0; i < count; ++i) bits += std::popcount(a[i] ^ b[i]);
    return bits;
}

}  // namespace

ChromaprintSketch::ChromaprintSketch(std::span<const std::uint32_t> words) {
    while (count_ < kWords && kPlaces[count_] < words.size()) {
        words_[count_] = words[kPlaces[count_]];
        ++count_;
    }
}

ChromaprintSketch::Probe::Probe(std::span<const std::uint32_t> words) {
    const auto size = static_cast<std::ptrdiff_t>(words.size());
    rows_.reserve(2 * kMaxShift + 1);
    for (std::ptrdiff_t shift = -kMaxShift; shift <= kMaxShift; ++shift) {
        Row row;
        while (row.begin < kWords && static_cast<std::ptrdiff_t>(kPlaces[row.begin]) + shift < 0) ++row.begin;
        for (row.end = row.begin; row.end < kWords; ++row.end) {
            const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(kPlaces[row.end]) + shift;
            if (at >= size) break;
            row.words[row.end] = words[static_cast<std::size_t>(at)];
        }
        rows_.push_back(row);
    }
}

bool ChromaprintSketch::Probe::may_match(const ChromaprintSketch& sketch) const {
    // The sketch is too short to tell.
    if (sketch.count_ < kFirstCheck) return true;
    for (const Row& row : rows_) {
        const std::size_t end = std::min(row.end, sketch.count_);
        // A shift at which the two have little in common says nothing; a smaller shift does.
        if (end < row.begin + kFirstCheck) continue;
        const std::uint32_t* a = row.words.data() + row.begin;
        const std::uint32_t* b = sketch.words_.data() + row.begin;
        int errors = differing_bits(a, b, kFirstCheck);
        if (errors > kFirstCheckErrors) continue;
        const std::size_t count = end - row.begin;
        errors += differing_bits(a + kFirstCheck, b + kFirstCheck, count - kFirstCheck);
        if (errors <= static_cast<int>(kMaxErrorRate * 32 * static_cast<double>(count))) return true;
    }
    return false;
}

}  // namespace audio_ident::ingest
