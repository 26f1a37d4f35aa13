#pragma once

#include "index/both_lanes/both_lanes_writer.hpp"

namespace audio_ident::index {

/// Writes to two independent stores, vectors first: searches never find vectors without a track, but would find a track
/// whose vectors are still missing. When the vector store is unavailable, the exact lane gets the tracks all the same.
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
