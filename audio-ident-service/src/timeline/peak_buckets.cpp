#include "timeline/peak_buckets.hpp"

#include <algorithm>

namespace audio_ident::timeline {

namespace {

using fingerprint::kBucketFrames;
using fingerprint::Peak;

// A peak as frame in the bucket × 2^18 + bin × 2^8 + strength: sorted numbers are peaks by frame, then bin.
constexpr unsigned kFrameShift = 18;
constexpr unsigned kBinShift = 8;

std::uint32_t packed(const Peak& peak) {
    return (peak.frame % std::uint32_t{kBucketFrames}) << kFrameShift | std::uint32_t{peak.bin} << kBinShift |
           peak.strength;
}

Peak unpacked(std::uint32_t value, std::uint32_t first_frame) {
    constexpr std::uint32_t kBinMask = (1U << (kFrameShift - kBinShift)) - 1;
    return {first_frame + (value >> kFrameShift), static_cast<std::uint16_t>(value >> kBinShift & kBinMask),
            static_cast<std::uint8_t>(value)};
}

void keep_strongest(std::vector<std::uint32_t>& bucket, std::size_t count) {
    if (bucket.size() <= count) return;
    const auto last = bucket.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(bucket.begin(), last, bucket.end(), [](std::uint32_t a, std::uint32_t b) {
        const auto strength_a = static_cast<std::uint8_t>(a);
        const auto strength_b = static_cast<std::uint8_t>(b);
        return strength_a != strength_b ? strength_a > strength_b : a < b;
    });
    bucket.erase(last, bucket.end());
    std::sort(bucket.begin(), bucket.end());
}

}  // namespace

void PeakBuckets::add(std::span<const Peak> peaks) {
    std::vector<std::uint32_t> bucket;
    for (const Peak& peak : peaks) bucket.push_back(packed(peak));
    keep_strongest(bucket, kept_in_bucket_);
    peaks_.insert(peaks_.end(), bucket.begin(), bucket.end());
    begins_.push_back(peaks_.size());
    if (peaks_.size() > most_peaks_ && kept_in_bucket_ > 1) thin();
}

void PeakBuckets::add(const PeakBuckets& other, std::size_t first, std::size_t end) {
    std::vector<Peak> peaks;
    for (std::size_t bucket = first; bucket < std::min(end, other.size()); ++bucket) {
        peaks.clear();
        other.get(bucket, bucket + 1, peaks);
        add(peaks);
    }
}

void PeakBuckets::get(std::size_t first, std::size_t end, std::vector<Peak>& peaks) const {
    for (std::size_t bucket = first; bucket < std::min(end, size()); ++bucket) {
        for (std::size_t i = begins_[bucket]; i < begins_[bucket + 1]; ++i)
            peaks.push_back(unpacked(peaks_[i], static_cast<std::uint32_t>(bucket * kBucketFrames)));
    }
}

void PeakBuckets::thin() {
    kept_in_bucket_ /= 2;
    std::vector<std::uint32_t> bucket;
    std::size_t kept = 0;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < begins_.size(); ++i) {
        const std::size_t end = begins_[i];
        bucket.assign(peaks_.begin() + static_cast<std::ptrdiff_t>(begin),
                      peaks_.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
        keep_strongest(bucket, kept_in_bucket_);
        std::copy(bucket.begin(), bucket.end(), peaks_.begin() + static_cast<std::ptrdiff_t>(kept));
        kept += bucket.size();
        begins_[i] = kept;
    }
    peaks_.resize(kept);
    peaks_.shrink_to_fit();
}

}  // namespace audio_ident::timeline
