#include "index/vector/graph.hpp"

#include <algorithm>
#include <numeric>
#include <queue>

#include "index/vector/quantised.hpp"

namespace audio_ident::index {

namespace {

constexpr std::size_t kFewestEntries = 64;
constexpr std::size_t kMostEntries = 4000;
constexpr std::size_t kChunksAnEntry = 500;  // about ten tracks; so entries lie even in clusters that few links reach
constexpr std::size_t kBuildEntries = 400;
constexpr std::size_t kBuildEffort = 150;
constexpr std::size_t kNewLinks = kGraphLinks / 2;  // links of a new chunk; later chunks fill the other half

float cosine(const GraphQuery& query, const ChunkRow& row) {
    return static_cast<float>(dot_product(row.row, query.values, query.dimension)) * row.scale * query.scale;
}

struct Nearer {
    bool operator()(const NearChunk& a, const NearChunk& b) const { return a.cosine > b.cosine; }
};
struct Farther {
    bool operator()(const NearChunk& a, const NearChunk& b) const { return a.cosine < b.cosine; }
};

void prefetch_row(const std::int8_t* row, std::size_t dimension) {
    constexpr std::size_t kLine = 64;
    for (std::size_t at = 0; at < dimension; at += kLine) __builtin_prefetch(row + at);
}

bool is_in(std::span<const ChunkRange> ranges, std::uint32_t chunk) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const ChunkRange& range) { return range.begin <= chunk && chunk < range.end; });
}

}  // namespace

MixedOrder::MixedOrder(std::size_t chunks) : chunks_(chunks), step_(std::max<std::size_t>(1, chunks * 618 / 1000)) {
    while (chunks > 1 && std::gcd(step_, chunks) != 1) ++step_;
}

std::vector<std::uint32_t> graph_entries(std::size_t chunks) {
    const MixedOrder order(chunks);
    std::vector<std::uint32_t> entries;
    const std::size_t count = std::clamp(chunks / kChunksAnEntry, kFewestEntries, kMostEntries);
    for (std::size_t i = 0; i < std::min(count, chunks); ++i) entries.push_back(order[i]);
    return entries;
}

std::vector<NearChunk> GraphWalk::nearest(const GraphLinks& links, std::span<const ChunkRow> rows,
                                          std::span<const std::uint32_t> entries, const GraphQuery& query,
                                          std::size_t effort, std::span<const ChunkRange> without) {
    for (const std::uint32_t chunk : touched_) seen_[chunk] = false;
    touched_.clear();
    std::priority_queue<NearChunk, std::vector<NearChunk>, Farther> open;  // the nearest on top
    std::priority_queue<NearChunk, std::vector<NearChunk>, Nearer> best;   // the farthest on top
    std::vector<std::uint32_t> met;
    const auto meet = [&](std::span<const std::uint32_t> chunks) {
        met.clear();
        for (const std::uint32_t chunk : chunks) {
            if (chunk >= rows.size() || seen_[chunk]) continue;
            seen_[chunk] = true;
            touched_.push_back(chunk);
            __builtin_prefetch(&rows[chunk]);
            met.push_back(chunk);
        }
        std::erase_if(met, [&](std::uint32_t chunk) { return rows[chunk].row == nullptr; });
        for (const std::uint32_t chunk : met) prefetch_row(rows[chunk].row, query.dimension);
        for (const std::uint32_t chunk : met) {
            const NearChunk near{cosine(query, rows[chunk]), chunk};
            if (best.size() >= effort && near.cosine <= best.top().cosine) continue;
            open.push(near);
            if (is_in(without, chunk)) continue;
            best.push(near);
            if (best.size() > effort) best.pop();
        }
    };
    meet(entries);
    while (!open.empty() && (best.size() < effort || open.top().cosine >= best.top().cosine)) {
        const std::uint32_t chunk = open.top().chunk;
        open.pop();
        meet(links.of(chunk));
    }
    std::vector<NearChunk> found(best.size());
    for (auto place = found.rbegin(); place != found.rend(); ++place, best.pop()) *place = best.top();
    return found;
}

GraphBuilder::GraphBuilder(std::size_t chunks, std::size_t dimension)
    : dimension_(dimension),
      places_(chunks * kWidth, kNoChunk),
      linked_(chunks),
      all_entries_(graph_entries(chunks)),
      walk_(chunks),
      inserted_(dimension),
      compared_(dimension) {
    all_entries_.resize(std::min(all_entries_.size(), kBuildEntries));
}

GraphQuery GraphBuilder::as_query(const ChunkRow& row, std::vector<std::int16_t>& values) const {
    std::copy_n(row.row, dimension_, values.begin());
    return {values.data(), dimension_, row.scale};
}

void GraphBuilder::take_over(std::uint32_t chunk, std::span<const std::uint32_t> links) {
    std::copy(links.begin(), links.end(), places_.begin() + std::ptrdiff_t(chunk * kWidth));
    set_linked(chunk);
}

void GraphBuilder::set_linked(std::uint32_t chunk) {
    linked_[chunk] = true;
    if (std::find(all_entries_.begin(), all_entries_.end(), chunk) != all_entries_.end()) entries_.push_back(chunk);
}

void GraphBuilder::insert(std::uint32_t chunk, std::span<const ChunkRow> rows) {
    if (rows[chunk].row == nullptr) return;
    auto near = walk_.nearest({places_, kWidth}, rows, entries_, as_query(rows[chunk], inserted_), kBuildEffort);
    std::erase_if(near, [&](const NearChunk& other) { return other.chunk == chunk; });
    const auto chosen = choose(near, kNewLinks, rows);
    const auto places = std::span(places_).subspan(chunk * kWidth, kWidth);
    std::fill(std::copy(chosen.begin(), chosen.end(), places.begin()), places.end(), kNoChunk);
    for (const std::uint32_t other : chosen) link(other, chunk, rows);
    set_linked(chunk);
}

void GraphBuilder::link(std::uint32_t from, std::uint32_t to, std::span<const ChunkRow> rows) {
    const auto places = std::span(places_).subspan(from * kWidth, kWidth);
    if (std::find(places.begin(), places.end(), to) != places.end()) return;
    const auto free = std::find(places.begin(), places.end(), kNoChunk);
    if (free != places.end()) *free = to;
    else choose_again(from, rows, to);
}

void GraphBuilder::choose_again(std::uint32_t chunk, std::span<const ChunkRow> rows, std::uint32_t extra) {
    const auto places = std::span(places_).subspan(chunk * kWidth, kWidth);
    std::vector<NearChunk> near;
    if (rows[chunk].row != nullptr) {
        const GraphQuery query = as_query(rows[chunk], compared_);
        const auto offer = [&](std::uint32_t other) {
            if (other < rows.size() && rows[other].row != nullptr) near.push_back({cosine(query, rows[other]), other});
        };
        std::for_each(places.begin(), places.end(), offer);
        offer(extra);
    }
    std::sort(near.begin(), near.end(), Nearer());
    const auto chosen = choose(near, kGraphLinks, rows);
    std::fill(std::copy(chosen.begin(), chosen.end(), places.begin()), places.end(), kNoChunk);
}

/// Chooses from `near`, which is sorted, nearest first. Skips a chunk that is nearer to a chosen one than to the new
/// chunk, because the chosen one leads to it; takes skipped chunks only when there are too few others.
std::vector<std::uint32_t> GraphBuilder::choose(std::span<const NearChunk> near, std::size_t count,
                                                std::span<const ChunkRow> rows) {
    std::vector<std::uint32_t> chosen;
    std::vector<std::uint32_t> passed;
    for (const NearChunk& candidate : near) {
        if (chosen.size() == count) break;
        const GraphQuery query = as_query(rows[candidate.chunk], compared_);
        const bool reached = std::any_of(chosen.begin(), chosen.end(), [&](std::uint32_t other) {
            return cosine(query, rows[other]) >= candidate.cosine;
        });
        (reached ? passed : chosen).push_back(candidate.chunk);
    }
    for (std::size_t i = 0; i < passed.size() && chosen.size() < kNewLinks; ++i) chosen.push_back(passed[i]);
    return chosen;
}

void GraphBuilder::trim(std::uint32_t chunk, std::span<const ChunkRow> rows) {
    const auto places = std::span(places_).subspan(chunk * kWidth, kWidth);
    if (places[kGraphLinks] != kNoChunk) choose_again(chunk, rows, kNoChunk);
}

}  // namespace audio_ident::index
