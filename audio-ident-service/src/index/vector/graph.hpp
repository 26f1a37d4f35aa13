#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::index {

/// A graph of chunks. Each chunk has links to chunks that are near it, in different directions. A search follows the
/// links to ever nearer chunks, until it has those nearest to the query. This is the bottom layer of HNSW with its
/// choice of links (Malkov & Yashunin 2016, "Efficient and robust approximate nearest neighbor search using
/// Hierarchical Navigable Small World graphs"); a sample of all chunks replaces the layers above. The graph holds links
/// only, no rows.

inline constexpr std::size_t kGraphLinks = 32;  ///< the most links of a chunk in a finished graph
inline constexpr std::uint32_t kNoChunk = 0xffffffff;

/// The present row of a chunk. A chunk without a row belongs to a removed track, and searches ignore it.
struct ChunkRow {
    const std::int8_t* row = nullptr;
    float scale = 0;
};

struct ChunkRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct NearChunk {
    float cosine = 0;
    std::uint32_t chunk = 0;
};

/// The links of all chunks, `width` places for each; kNoChunk fills the rest.
struct GraphLinks {
    std::span<const std::uint32_t> places;
    std::size_t width = kGraphLinks;

    std::span<const std::uint32_t> of(std::uint32_t chunk) const { return places.subspan(chunk * width, width); }
};

/// One query, quantised like QuantisedQueries.
struct GraphQuery {
    const std::int16_t* values = nullptr;
    std::size_t dimension = 0;
    float scale = 0;
};

/// All chunks in an order that mixes the tracks, so that every part of it is a sample of all chunks.
class MixedOrder {
  public:
    explicit MixedOrder(std::size_t chunks);
    std::uint32_t operator[](std::size_t i) const { return static_cast<std::uint32_t>(i * step_ % chunks_); }

  private:
    std::size_t chunks_, step_;
};

/// Where a search begins.
std::vector<std::uint32_t> graph_entries(std::size_t chunks);

/// Searches a graph. Reuses its memory from one search to the next. Not thread-safe.
class GraphWalk {
  public:
    explicit GraphWalk(std::size_t chunks) : seen_(chunks) {}

    /// Returns up to `effort` chunks, nearest first, without those in `without`. More effort misses fewer.
    std::vector<NearChunk> nearest(const GraphLinks& links, std::span<const ChunkRow> rows,
                                   std::span<const std::uint32_t> entries, const GraphQuery& query, std::size_t effort,
                                   std::span<const ChunkRange> without = {});

  private:
    std::vector<bool> seen_;
    std::vector<std::uint32_t> touched_;  // the chunks that are set in seen_
};

/// Makes a graph, chunk by chunk, in mixed order. To extend an older graph, take over its links first.
class GraphBuilder {
  public:
    GraphBuilder(std::size_t chunks, std::size_t dimension);

    void take_over(std::uint32_t chunk, std::span<const std::uint32_t> links);
    bool linked(std::uint32_t chunk) const { return linked_[chunk]; }
    /// Links a chunk with the chunks before it. Between two calls rows may move, and tracks may go.
    void insert(std::uint32_t chunk, std::span<const ChunkRow> rows);
    /// Cuts a chunk's links down to kGraphLinks; to be called for each chunk at the end.
    void trim(std::uint32_t chunk, std::span<const ChunkRow> rows);
    std::span<const std::uint32_t> links_of(std::uint32_t chunk) const {
        return std::span(places_).subspan(chunk * kWidth, kGraphLinks);
    }

  private:
    static constexpr std::size_t kWidth = kGraphLinks * 3 / 2;  // spare places, so that new links seldom force a choice

    void link(std::uint32_t from, std::uint32_t to, std::span<const ChunkRow> rows);
    void choose_again(std::uint32_t chunk, std::span<const ChunkRow> rows, std::uint32_t extra);
    std::vector<std::uint32_t> choose(std::span<const NearChunk> near, std::size_t count,
                                      std::span<const ChunkRow> rows);
    GraphQuery as_query(const ChunkRow& row, std::vector<std::int16_t>& values) const;

    void set_linked(std::uint32_t chunk);

    std::size_t dimension_;
    std::vector<std::uint32_t> places_;
    std::vector<bool> linked_;
    std::vector<std::uint32_t> all_entries_, entries_;  // entries_: those of all_entries_ that are linked
    GraphWalk walk_;
    std::vector<std::int16_t> inserted_, compared_;
};

}  // namespace audio_ident::index
