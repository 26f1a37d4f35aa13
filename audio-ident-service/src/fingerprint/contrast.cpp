#include "fingerprint/contrast.hpp"

#include <algorithm>
#include <cmath>

#include "util/multiversion.hpp"

namespace audio_ident::fingerprint {

namespace {

constexpr std::size_t first_of_box(std::size_t bin) {
    return bin > kBoxBins ? bin - kBoxBins : 0;
}
constexpr std::size_t end_of_box(std::size_t bin) {
    return std::min(kBins, bin + kBoxBins + 1);
}

AUDIO_IDENT_MULTIVERSION
void add_row(const std::int16_t* __restrict row, std::int32_t* __restrict sums, std::int32_t* __restrict squares) {
    for (std::size_t k = 0; k < kBins; ++k) {
        const std::int32_t x = row[k];
        sums[k] += x;
        squares[k] += x * x;
    }
}

AUDIO_IDENT_MULTIVERSION
void remove_row(const std::int16_t* __restrict row, std::int32_t* __restrict sums, std::int32_t* __restrict squares) {
    for (std::size_t k = 0; k < kBins; ++k) {
        const std::int32_t x = row[k];
        sums[k] -= x;
        squares[k] -= x * x;
    }
}

// Sums over ±kBoxBins bins from running totals. A total of squares may wrap; the difference of two is right all the
// same (63 frames · 77 bins · 640² < 2³¹).
AUDIO_IDENT_MULTIVERSION
void box_sums(const std::int32_t* __restrict values, std::uint32_t* __restrict totals, std::int32_t* __restrict out) {
    std::uint32_t total = 0;
    totals[0] = 0;
    for (std::size_t k = 0; k < kBins; ++k) {
        total += static_cast<std::uint32_t>(values[k]);
        totals[k + 1] = total;
    }
    constexpr std::size_t kInner = kBins - kBoxBins - 1;
    for (std::size_t k = 0; k < kBoxBins; ++k) out[k] = static_cast<std::int32_t>(totals[k + kBoxBins + 1]);
    for (std::size_t k = kBoxBins; k <= kInner; ++k) {
        out[k] = static_cast<std::int32_t>(totals[k + kBoxBins + 1] - totals[k - kBoxBins]);
    }
    for (std::size_t k = kInner + 1; k < kBins; ++k) {
        out[k] = static_cast<std::int32_t>(total - totals[k - kBoxBins]);
    }
}

AUDIO_IDENT_MULTIVERSION
void standardise(const std::int16_t* __restrict row, const std::int32_t* __restrict sums,
                 const std::int32_t* __restrict squares, const float* __restrict inverse_counts,
                 float* __restrict out) {
    constexpr float kUnit = kLogScale * kLogScale;  // the "+ 1" of the formula, in steps squared
    for (std::size_t k = 0; k < kBins; ++k) {
        const float mean = static_cast<float>(sums[k]) * inverse_counts[k];
        float variance = static_cast<float>(squares[k]) * inverse_counts[k] - mean * mean;
        variance = variance < 0.0F ? 0.0F : variance;
        out[k] = (static_cast<float>(row[k]) - mean) / std::sqrt(variance + kUnit);
    }
}

}  // namespace

Contrast::Contrast(std::size_t box_frames) : box_frames_(box_frames), ring_(2 * box_frames + 1) {}

void Contrast::reset() {
    sums_.fill(0);
    squares_.fill(0);
    added_ = removed_ = computed_ = 0;
}

void Contrast::add(const LogRow& row) {
    if (added_ - removed_ == ring_.size()) remove();
    ring_row(added_) = row;
    add_row(row.data(), sums_.data(), squares_.data());
    ++added_;
}

void Contrast::remove() {
    remove_row(ring_row(removed_).data(), sums_.data(), squares_.data());
    ++removed_;
}

void Contrast::compute() {
    const std::size_t frames = added_ - removed_;
    if (frames != counted_frames_) {
        for (std::size_t k = 0; k < kBins; ++k) {
            inverse_counts_[k] = 1.0F / static_cast<float>(frames * (end_of_box(k) - first_of_box(k)));
        }
        counted_frames_ = frames;
    }
    std::array<std::uint32_t, kBins + 1> totals;
    std::array<std::int32_t, kBins> sums;
    std::array<std::int32_t, kBins> squares;
    box_sums(sums_.data(), totals.data(), sums.data());
    box_sums(squares_.data(), totals.data(), squares.data());
    standardise(ring_row(computed_).data(), sums.data(), squares.data(), inverse_counts_.data(), contrast_.data());
    ++computed_;
}

}  // namespace audio_ident::fingerprint
