#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "fingerprint/fingerprint.hpp"

namespace audio_ident::timeline {

/// The strongest peaks of each bucket of fingerprint::kBucketFrames frames (0.5 s), those that make landmarks. Each
/// takes 4 bytes: an hour takes 0.65 MB. When there are `most_peaks`, the weaker half of each bucket goes, and from
/// then on each bucket keeps half as many, so memory stays bounded whatever the length.
class PeakBuckets {
  public:
    static constexpr std::size_t kMostPeaks = 8'000'000;  ///< 52 hours at full density

    explicit PeakBuckets(std::size_t most_peaks = kMostPeaks) : most_peaks_(most_peaks) {}

    /// Adds one bucket. Of each frame only its place in the bucket counts. `peaks` by frame, then bin.
    void add(std::span<const fingerprint::Peak> peaks);
    /// Adds buckets [first, end) of another store.
    void add(const PeakBuckets& other, std::size_t first, std::size_t end);

    /// Buckets so far.
    std::size_t size() const { return begins_.size() - 1; }
    /// Appends the peaks of buckets [first, end), both cut at size(), by frame, then bin. Frames count from bucket 0.
    void get(std::size_t first, std::size_t end, std::vector<fingerprint::Peak>& peaks) const;

  private:
    void thin();

    std::size_t most_peaks_;
    std::size_t kept_in_bucket_ = fingerprint::kLandmarkPeaksPerBucket;
    std::deque<std::size_t> begins_{0};  ///< of each bucket in peaks_, and the end of the last
    std::deque<std::uint32_t> peaks_;
};

}  // namespace audio_ident::timeline
