#include "index/vector/graph_search.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace audio_ident::index {

namespace {

constexpr std::size_t kEffort = 2000;  // many more chunks than requested, so that the search misses few

std::vector<ChunkRange> ranges_of(const GraphCover& cover, std::span<const VectorEntry> entries,
                                  const std::unordered_set<TrackId>& without) {
    std::vector<ChunkRange> ranges;
    for (std::size_t t = 0; !without.empty() && t < cover.entry_of.size(); ++t) {
        if (cover.entry_of[t] != GraphCover::kNoEntry && without.contains(entries[cover.entry_of[t]].id))
            ranges.push_back({cover.first[t], cover.first[t + 1]});
    }
    return ranges;
}

VectorHit hit_of(const NearChunk& near, const GraphCover& cover, std::span<const VectorEntry> entries) {
    const std::size_t track = cover.track_of(near.chunk);
    const VectorEntry& entry = entries[cover.entry_of[track]];
    float start = 0;
    std::memcpy(&start, entry.starts + (near.chunk - cover.first[track]) * sizeof start, sizeof start);
    return {entry.id, start, std::clamp(double(near.cosine), -1.0, 1.0)};
}

bool better(const VectorHit& a, const VectorHit& b) {
    return std::tie(b.cosine, a.track, a.start_seconds) < std::tie(a.cosine, b.track, b.start_seconds);
}

}  // namespace

Result<std::optional<std::vector<std::vector<VectorHit>>>> graph_search(const GraphFile& graph, const GraphCover& cover,
                                                                        std::span<const VectorEntry> entries,
                                                                        const QuantisedQueries& queries,
                                                                        std::size_t count,
                                                                        const std::unordered_set<TrackId>& without,
                                                                        const Deadline& deadline) {
    using Hits = std::vector<std::vector<VectorHit>>;
    const auto ranges = ranges_of(cover, entries, without);
    std::size_t there = cover.rows.size() - cover.gone_chunks;
    for (const ChunkRange& range : ranges) there -= range.end - range.begin;
    const auto starts = graph_entries(cover.rows.size());
    GraphWalk walk(cover.rows.size());
    Hits hits(queries.count());
    for (std::size_t q = 0; q < hits.size(); ++q) {
        if (deadline.expired()) return fail(ErrorKind::timeout, "no time left to compare vectors");
        const GraphQuery query{queries.rows.data() + q * queries.dimension, queries.dimension, queries.scales[q]};
        const auto near =
            walk.nearest(graph.links(), cover.rows, starts, query, std::max(kEffort, count + count / 2), ranges);
        if (near.size() < std::min(count, there)) return std::optional<Hits>();
        for (std::size_t i = 0; i < std::min(count, near.size()); ++i)
            hits[q].push_back(hit_of(near[i], cover, entries));
    }
    return std::optional(std::move(hits));
}

void merge_hits(std::vector<std::vector<VectorHit>>& hits, const std::vector<std::vector<VectorHit>>& others,
                std::size_t count) {
    for (std::size_t q = 0; q < hits.size(); ++q) {
        hits[q].insert(hits[q].end(), others[q].begin(), others[q].end());
        std::sort(hits[q].begin(), hits[q].end(), better);
        hits[q].resize(std::min(count, hits[q].size()));
    }
}

}  // namespace audio_ident::index
