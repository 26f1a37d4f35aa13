#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/landmark.hpp"
#include "timeline/peak_buckets.hpp"

namespace audio_ident::timeline {

/// All landmarks of a store of peaks, in memory: 4 bytes each (1.8 MB an hour) and 18 MB.
class LandmarkIndex {
  public:
    explicit LandmarkIndex(const PeakBuckets& tape);

    /// The frames of the landmarks with keys in [first, last], by key, then frame.
    std::span<const std::uint32_t> find(fingerprint::Key first, fingerprint::Key last) const {
        return std::span(frames_).subspan(begins_[first], begins_[last + 1] - begins_[first]);
    }

  private:
    std::vector<std::uint32_t> begins_;  ///< of each key in frames_, and the end of the last
    std::vector<std::uint32_t> frames_;
};

/// The landmarks that begin in buckets [first, end), by frame.
std::vector<fingerprint::Landmark> landmarks_in(const PeakBuckets& tape, std::size_t first, std::size_t end);

}  // namespace audio_ident::timeline
