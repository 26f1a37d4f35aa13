#pragma once

#include <span>
#include <unordered_set>
#include <vector>

#include "core/deadline.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/quantised.hpp"
#include "index/vector/reader.hpp"

namespace audio_ident::index {

/// Compares every query with every chunk of the entries, on as many threads as the executor is wide; small inputs,
/// which one core reads in a few milliseconds, stay on one thread. Returns the `count` nearest chunks of each query,
/// best first. Equal ones are sorted by track and start, so that the answer does not depend on the threads. Fails with
/// timeout.
Result<std::vector<std::vector<VectorHit>>> flat_scan(std::span<const VectorEntry> entries,
                                                      const QuantisedQueries& queries, std::size_t count,
                                                      const std::unordered_set<TrackId>& without,
                                                      const Deadline& deadline, Executor& executor);

}  // namespace audio_ident::index
