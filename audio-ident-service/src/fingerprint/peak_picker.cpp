#include "fingerprint/peak_picker.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "util/multiversion.hpp"

namespace audio_ident::fingerprint {

namespace {

static_assert(kPeakBins == 4, "widest_of() is written for nine bins");
constexpr std::size_t kPadded = kBins + 2 * kPeakBins;

// Maximum over nine neighbours, by doubling: of 2, of 4, of 8, then the ninth.
AUDIO_IDENT_MULTIVERSION
void widest_of(const float* __restrict row, float* __restrict a, float* __restrict b, float* __restrict out) {
    constexpr float kNone = -std::numeric_limits<float>::infinity();
    for (std::size_t k = 0; k < kPeakBins; ++k) a[k] = a[kBins + kPeakBins + k] = kNone;
    for (std::size_t k = 0; k < kBins; ++k) a[k + kPeakBins] = row[k];
    for (std::size_t k = 0; k + 1 < kPadded; ++k) b[k] = a[k] > a[k + 1] ? a[k] : a[k + 1];
    for (std::size_t k = 0; k < kBins; ++k) out[k] = a[k + 8];
    for (std::size_t k = 0; k + 3 < kPadded; ++k) a[k] = b[k] > b[k + 2] ? b[k] : b[k + 2];
    for (std::size_t k = 0; k < kBins; ++k) {
        const float eight = a[k] > a[k + 4] ? a[k] : a[k + 4];
        out[k] = out[k] > eight ? out[k] : eight;
    }
}

AUDIO_IDENT_MULTIVERSION
void raise_to(const float* __restrict row, float* __restrict highest) {
    for (std::size_t k = 0; k < kBins; ++k) highest[k] = highest[k] > row[k] ? highest[k] : row[k];
}

AUDIO_IDENT_MULTIVERSION
void mark(const float* __restrict row, const float* __restrict highest, std::uint8_t* __restrict marks) {
    for (std::size_t k = 0; k < kBins; ++k) {
        marks[k] = static_cast<std::uint8_t>((row[k] >= highest[k]) & (row[k] > kPeakContrast));
    }
}

}  // namespace

PeakPicker::PeakPicker(std::size_t peaks_per_bucket) : peaks_per_bucket_(peaks_per_bucket), ring_(kRing) {}

void PeakPicker::reset() {
    rows_ = picked_ = 0;
    bucket_.clear();
    peaks_.clear();
}

void PeakPicker::consume(const ContrastRow& row) {
    Rows& rows = ring_row(rows_);
    rows.contrast = row;
    std::array<float, kPadded> a;
    std::array<float, kPadded> b;
    widest_of(row.data(), a.data(), b.data(), rows.widest.data());
    ++rows_;
    if (rows_ > kPeakFrames) pick(picked_, rows_);
}

std::vector<Peak> PeakPicker::finish() {
    while (picked_ < rows_) pick(picked_, rows_);
    close_bucket();
    std::vector<Peak> peaks = std::exchange(peaks_, {});
    reset();
    return peaks;
}

// Rows [frame - kPeakFrames, end) are in the ring.
void PeakPicker::pick(std::size_t frame, std::size_t end) {
    if (frame % kBucketFrames == 0) close_bucket();
    const std::size_t begin = frame > kPeakFrames ? frame - kPeakFrames : 0;
    ContrastRow highest = ring_row(begin).widest;
    for (std::size_t i = begin + 1; i < std::min(end, frame + kPeakFrames + 1); ++i) {
        raise_to(ring_row(i).widest.data(), highest.data());
    }
    const ContrastRow& row = ring_row(frame).contrast;
    std::array<std::uint8_t, (kBins + 7) / 8 * 8> marks{};
    mark(row.data(), highest.data(), marks.data());
    for (std::size_t k = 0; k < kBins; ++k) {
        if (marks[k]) bucket_.push_back({row[k], static_cast<std::uint32_t>(frame), static_cast<std::uint16_t>(k)});
    }
    picked_ = frame + 1;
}

void PeakPicker::close_bucket() {
    if (bucket_.size() > peaks_per_bucket_) {
        const auto stronger = [](const Candidate& a, const Candidate& b) {
            return a.contrast != b.contrast ? a.contrast > b.contrast
                                            : std::tie(a.frame, a.bin) < std::tie(b.frame, b.bin);
        };
        const auto end = bucket_.begin() + static_cast<std::ptrdiff_t>(peaks_per_bucket_);
        std::nth_element(bucket_.begin(), end, bucket_.end(), stronger);
        bucket_.erase(end, bucket_.end());
        std::sort(bucket_.begin(), bucket_.end(), [](const Candidate& a, const Candidate& b) {
            return std::tie(a.frame, a.bin) < std::tie(b.frame, b.bin);
        });
    }
    for (const Candidate& c : bucket_) {
        const float steps = std::min(c.contrast * kStrengthScale, 255.0F);
        peaks_.push_back({c.frame, c.bin, static_cast<std::uint8_t>(steps)});
    }
    bucket_.clear();
}

}  // namespace audio_ident::fingerprint
