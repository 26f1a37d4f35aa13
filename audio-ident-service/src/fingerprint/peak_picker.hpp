#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fingerprint/contrast.hpp"
#include "fingerprint/fingerprint.hpp"

namespace audio_ident::fingerprint {

/// Finds the maxima of contrast over ±kPeakFrames × ±kPeakBins that reach kPeakContrast, and keeps the strongest
/// `peaks_per_bucket` of each kBucketFrames frames.
class PeakPicker {
  public:
    explicit PeakPicker(std::size_t peaks_per_bucket = kReferencePeaksPerBucket);

    void reset();
    void consume(const ContrastRow& row);
    /// The peaks by frame, then bin. Leaves the picker as after reset().
    std::vector<Peak> finish();

  private:
    struct Candidate {
        float contrast;
        std::uint32_t frame;
        std::uint16_t bin;
    };
    struct Rows {
        ContrastRow contrast;
        ContrastRow widest;  // maximum over ±kPeakBins
    };
    static constexpr std::size_t kRing = 2 * kPeakFrames + 1;

    void pick(std::size_t frame, std::size_t end);
    void close_bucket();
    Rows& ring_row(std::size_t frame) { return ring_[frame % kRing]; }

    std::size_t peaks_per_bucket_;
    std::vector<Rows> ring_;
    std::size_t rows_ = 0;
    std::size_t picked_ = 0;
    std::vector<Candidate> bucket_;
    std::vector<Peak> peaks_;
};

}  // namespace audio_ident::fingerprint
