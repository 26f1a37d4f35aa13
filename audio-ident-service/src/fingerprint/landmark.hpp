#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/fingerprint.hpp"

namespace audio_ident::fingerprint {

/// What a landmark is looked up by: the bin of its first peak and the step to the second, as one number in [0, kKeys).
/// Keys that differ in the step's duration only are neighbours, so that a look-up with a tolerance in time is a range.
using Key = std::uint32_t;

inline constexpr std::uint32_t kPairSpans = kMaxPairFrames - kMinPairFrames + 1;
inline constexpr std::uint32_t kPairSteps = 2 * kMaxPairBins + 1;
inline constexpr Key kKeys = static_cast<Key>(kBins) * kPairSteps * kPairSpans;

/// `first_bin` in [0, kBins), `step_bins` within ±kMaxPairBins, `span_frames` in [kMinPairFrames, kMaxPairFrames].
constexpr Key make_key(std::uint32_t first_bin, int step_bins, std::uint32_t span_frames) {
    const auto step = static_cast<std::uint32_t>(step_bins + kMaxPairBins);
    return (first_bin * kPairSteps + step) * kPairSpans + (span_frames - kMinPairFrames);
}

/// A pair of peaks: what the index holds and a query looks for.
struct Landmark {
    Key key = 0;
    std::uint32_t frame = 0;  ///< of the first peak

    auto operator<=>(const Landmark&) const = default;
};

/// The peaks that landmarks are made of: the kLandmarkPeaksPerBucket strongest of each kBucketFrames frames. By frame,
/// then bin, as they come.
std::vector<Peak> landmark_peaks(std::span<const Peak> peaks);

/// The landmarks of a recording for the index, by frame: each of landmark_peaks() with the kReferenceFanOut strongest
/// that lie kMinPairFrames to kMaxPairFrames later and at most kMaxPairBins away. `peaks` by frame, then bin.
std::vector<Landmark> reference_landmarks(std::span<const Peak> peaks);

/// For every peak calls `pair(first, second)` with the indices of its `fan_out` strongest partners, as above.
template <typename PairSink>
void for_each_pair(std::span<const Peak> peaks, std::size_t fan_out, PairSink&& pair);

}  // namespace audio_ident::fingerprint

#include "fingerprint/landmark_impl.hpp"
