#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::index {

struct VectorHit {
    TrackId track;
    double start_seconds = 0;  ///< of the chunk, in the track
    double cosine = 0;         ///< -1 to 1
};

struct VectorStats {
    std::uint64_t tracks = 0;
    std::uint64_t vectors = 0;
    std::uint64_t bytes = 0;  ///< 0: not known
};

/// Finds the chunks nearest to a query. Sees what any process committed last. Thread-safe.
class VectorIndexReader {
  public:
    virtual ~VectorIndexReader() = default;

    /// Returns for each of the queries (unit vectors, row after row) the `count` nearest chunks, best first, without
    /// those of the tracks in `without`. Fails with not_available, timeout, corrupt, invalid_input (queries of another
    /// dimension).
    virtual Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                                std::span<const TrackId> without,
                                                                const Deadline& deadline) = 0;
    /// Returns the stored vectors of these tracks, in this order; empty ones for a track that has none.
    virtual Result<std::vector<TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<VectorStats> stats(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
