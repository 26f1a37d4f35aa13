#pragma once

#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::index {

/// Adds and removes tracks of one space. Every method can fail with not_available (disk full, store gone), timeout,
/// corrupt, and may be repeated after a failure.
class VectorIndexWriter {
  public:
    virtual ~VectorIndexWriter() = default;

    virtual const VectorSpace& space() const = 0;
    /// Adds tracks, and replaces those that are there already.
    virtual Result<void> add(std::span<const TrackVectors> tracks, const Deadline& deadline) = 0;
    /// Removes tracks; some or all may be absent.
    virtual Result<void> remove(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    /// Returns all tracks that have vectors, in no particular order.
    virtual Result<std::vector<TrackId>> tracks(const Deadline& deadline) = 0;
    virtual Result<void> clear(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
