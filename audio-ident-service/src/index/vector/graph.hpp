#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace audio_ident::index {

/// A graph of chunks, each linked with chunks that are near it and in different directions, in which the chunks nearest to
/// a query are found by going from near to nearer: the bottom layer of HNSW (Malkov & Yashunin 2016, "Efficient and robust
/// approximate nearest neighbor search using Hierarchical Navigable Small World graphs", with its choice of links), where
/// a sample of all chunks stands for the layers above. It holds links only. The rows stay where they lie.

inline constexpr std::size_t kGraphLinks = 32;  ///< of a chunk, at most, once the graph is made
inline constexpr std::uint32_t kNoChunk = 0xffffffff;

/// Where a chunk lies now. No row: its track is gone; the chunk is neither found nor passed.
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

/// Each chunk's links, `width` places each; numbers that are no chunk fill what is left.
struct GraphLinks {
    std::span<const std::uint32_t> places;
    std::size_t width = kGraphLinks;

    std::span<const std::uint32_t> of(std::uint32_t chunk) const { return places.subspan(chunk * width, width); }
};

/// One query, quantised as in QuantisedQueries.
struct GraphQuery {
    const std::int16_t* values = nullptr;
    std::size_t dimension = 0;
    float scale = 0;
};

/// All chunks in an order that mixes tracks: every stretch of it is a sample of all.
class MixedOrder {
  public:
    explicit MixedOrder(std::size_t chunks);
    std::uint32_t operator[](std::size_t i) const { return static_cast<std::uint32_t>(i * step_ % chunks_); }

  private:
    std::size_t chunks_, step_;
};

/// Where a search begins.
std::vector<std::uint32_t> graph_entries(std::size_t chunks);

/// Goes through a graph; keeps its memory between searches. For one thread.
class GraphWalk {
  public:
    explicit GraphWalk(std::size_t chunks) : seen_(chunks) {}

    /// Up to `effort` chunks, nearest first, none of `without`. The more effort, the less is missed.
    std::vector<NearChunk> nearest(const GraphLinks& links, std::span<const ChunkRow> rows,
                                   std::span<const std::uint32_t> entries, const GraphQuery& query, std::size_t effort,
                                   std::span<const ChunkRange> without = {});

  private:
    std::vector<bool> seen_;
    std::vector<std::uint32_t> touched_;  // what is set in seen_
};

/// Makes a graph, chunk by chunk, in mixed order; or makes an older one grow, whose links it is given first.
class GraphBuilder {
  public:
    GraphBuilder(std::size_t chunks, std::size_t dimension);

    void take_over(std::uint32_t chunk, std::span<const std::uint32_t> links);
    bool linked(std::uint32_t chunk) const { return linked_[chunk]; }
    /// Links a chunk with those before it. `rows` may differ between calls, in where rows are and in which are gone.
    void insert(std::uint32_t chunk, std::span<const ChunkRow> rows);
    /// Last, for each chunk: what is above kGraphLinks goes.
    void trim(std::uint32_t chunk, std::span<const ChunkRow> rows);
    std::span<const std::uint32_t> links_of(std::uint32_t chunk) const {
        return std::span(places_).subspan(chunk * kWidth, kGraphLinks);
    }

  private:
    static constexpr std::size_t kWidth = kGraphLinks * 3 / 2;  // so that not every new link makes it choose anew

    void link(std::uint32_t from, std::uint32_t to, std::span<const ChunkRow> rows);
    void choose_again(std::uint32_t chunk, std::span<const ChunkRow> rows, std::uint32_t extra);
    std::vector<std::uint32_t> choose(std::span<const NearChunk> near, std::size_t count,
                                      std::span<const ChunkRow> rows);
    GraphQuery as_query(const ChunkRow& row, std::vector<std::int16_t>& values) const;

    void set_linked(std::uint32_t chunk);

    std::size_t dimension_;
    std::vector<std::uint32_t> places_;
    std::vector<bool> linked_;
    std::vector<std::uint32_t> all_entries_, entries_;  // entries_: those of them that are linked
    GraphWalk walk_;
    std::vector<std::int16_t> inserted_, compared_;
};

}  // namespace audio_ident::index
