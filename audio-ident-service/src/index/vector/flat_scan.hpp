#pragma once

#include <span>
#include <unordered_set>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/quantised.hpp"
#include "index/vector/reader.hpp"

namespace audio_ident::index {

/// Compares every query with every chunk of the entries, on up to one thread a core: what one core reads in a few
/// milliseconds is left to one. Returns for each query the `count` nearest, best first; equals by track and start, so
/// that the answer does not depend on the threads. Fails with timeout.
Result<std::vector<std::vector<VectorHit>>> flat_scan(std::span<const VectorEntry> entries,
                                                      const QuantisedQueries& queries, std::size_t count,
                                                      const std::unordered_set<TrackId>& without,
                                                      const Deadline& deadline);

}  // namespace audio_ident::index
