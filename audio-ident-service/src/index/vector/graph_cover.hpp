#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/vector/graph.hpp"
#include "index/vector/graph_file.hpp"
#include "index/vector/lmdb_vectors.hpp"

namespace audio_ident::index {

/// Returns the entries as the tracks of a graph, in the same order.
std::vector<GraphTrack> graph_tracks(std::span<const VectorEntry> entries);

/// Which entries of one committed state a graph covers.
struct GraphCover {
    static constexpr std::uint32_t kNoEntry = 0xffffffff;

    std::vector<std::uint32_t> entry_of;  ///< for each of the graph's tracks; kNoEntry: it is gone or has other vectors
    std::vector<std::uint32_t> first;     ///< the first chunk of each of the graph's tracks, and the end
    std::vector<ChunkRow> rows;           ///< of the graph's chunks
    std::vector<VectorEntry> fresh;       ///< entries that the graph does not have
    std::uint64_t fresh_chunks = 0;
    std::uint64_t gone_chunks = 0;

    /// Returns the track of a chunk, as a place in entry_of.
    std::size_t track_of(std::uint32_t chunk) const;
};

/// `tracks` and `entries` are sorted by id. `signatures`: graph_tracks(entries).
GraphCover cover(std::span<const GraphTrack> tracks, std::span<const VectorEntry> entries,
                 std::span<const GraphTrack> signatures, std::size_t dimension);

}  // namespace audio_ident::index
