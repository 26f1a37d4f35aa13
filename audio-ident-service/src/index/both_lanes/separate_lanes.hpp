#pragma once

#include "index/both_lanes/both_lanes_writer.hpp"

namespace audio_ident::index {

/// Writes to two stores that know nothing of each other. The vectors go first: vectors without a track are never found,
/// but a track without its vectors would be found before it is complete. A vector store that is gone does not keep
/// tracks from the exact lane.
class SeparateLanesWriter final : public BothLanesWriter {
  public:
    /// Both outlive it.
    SeparateLanesWriter(FingerprintIndexWriter& fingerprints, VectorIndexWriter& vectors)
        : fingerprints_(fingerprints), vectors_(vectors) {}

    const VectorSpace& space() const override { return vectors_.space(); }
    Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                       const Deadline& deadline) override;

  private:
    FingerprintIndexWriter& fingerprints_;
    VectorIndexWriter& vectors_;
};

}  // namespace audio_ident::index
