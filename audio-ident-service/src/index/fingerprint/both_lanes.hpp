#pragma once

#include <span>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

/// Which lanes have a track now.
enum class Stored {
    both,
    fingerprints_only  ///< the vector store did not take it; `audio-ident reembed` makes up for it
};

/// Adds tracks to both lanes at once; what an ingest writes through.
class BothLanesWriter {
  public:
    virtual ~BothLanesWriter() = default;

    /// Of the vectors.
    virtual const VectorSpace& space() const = 0;
    /// Adds all these tracks; those that are there already are replaced. `vectors` are those of some of the tracks: one
    /// without is whole for the exact lane. Fails, with nothing changed that a search would show, as the writers of the
    /// lanes do.
    virtual Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                               const Deadline& deadline) = 0;
};

/// Two stores that know nothing of each other: vectors first, for a track without is whole, and the other way round it
/// would be found before it is complete. A vector store that is gone does not keep tracks from the exact lane.
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
