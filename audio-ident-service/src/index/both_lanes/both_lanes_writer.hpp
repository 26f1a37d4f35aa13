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

/// Adds tracks to both lanes; an ingest writes through it.
class BothLanesWriter {
  public:
    virtual ~BothLanesWriter() = default;

    /// The space of the vectors.
    virtual const VectorSpace& space() const = 0;
    /// Adds all these tracks; a track that is there already is replaced. `vectors` has those of some of the tracks: a
    /// track without vectors is whole for the exact lane. Fails as the writers of the lanes do; a search shows none of
    /// the tracks then.
    virtual Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                               const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
