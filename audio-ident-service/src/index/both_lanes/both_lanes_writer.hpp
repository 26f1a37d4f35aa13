#pragma once

#include <span>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

/// Which lanes have the tracks after a call.
enum class Stored {
    both,
    fingerprints_only  ///< the vector store did not take them; `audio-ident reembed` adds their vectors later
};

/// Adds tracks to both lanes; an ingest writes through it.
class BothLanesWriter {
  public:
    virtual ~BothLanesWriter() = default;

    /// The space of the vectors.
    virtual const VectorSpace& space() const = 0;
    /// Adds these tracks, and replaces those that are there already. `vectors` may lack some of the tracks: a track
    /// without vectors is complete for the exact lane. Fails like the writers of the lanes; then searches show none of
    /// the tracks.
    virtual Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                               const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
