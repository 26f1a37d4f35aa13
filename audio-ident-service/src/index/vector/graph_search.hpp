#pragma once

#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/vector/graph_cover.hpp"
#include "index/vector/quantised.hpp"
#include "index/vector/reader.hpp"

namespace audio_ident::index {

/// Like flat_scan(), but for the chunks of a graph, and it may miss a few of the nearest. `cover` belongs to `graph`
/// and `entries`. nullopt when it found fewer chunks than there are. Fails with timeout.
Result<std::optional<std::vector<std::vector<VectorHit>>>> graph_search(const GraphFile& graph, const GraphCover& cover,
                                                                        std::span<const VectorEntry> entries,
                                                                        const QuantisedQueries& queries,
                                                                        std::size_t count,
                                                                        const std::unordered_set<TrackId>& without,
                                                                        const Deadline& deadline);

/// Adds other hits to those of each query, and keeps the `count` best.
void merge_hits(std::vector<std::vector<VectorHit>>& hits, const std::vector<std::vector<VectorHit>>& others,
                std::size_t count);

}  // namespace audio_ident::index
