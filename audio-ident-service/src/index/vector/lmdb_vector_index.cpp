#include "index/vector/lmdb_vector_index.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "index/vector/check_vectors.hpp"
#include "index/vector/flat_scan.hpp"
#include "index/vector/graph_maker.hpp"
#include "index/vector/graph_search.hpp"
#include "index/vector/vector_listing.hpp"

namespace audio_ident::index {

namespace {

/// Whether so many chunks have been added or removed that updating the graph is worth while.
bool outdated(const GraphCover& cover, std::uint64_t chunks) {
    return (cover.fresh_chunks + cover.gone_chunks) * 10 > chunks;
}

}  // namespace

struct LmdbVectorIndex::Impl final : VectorIndexReader, VectorIndexWriter {
    Impl(const IndexEnvironment& environment, std::optional<VectorTables> tables, VectorSpace its_space,
         Executor& threads, std::size_t from)
        : open{environment, tables, std::move(its_space)},
          executor(threads),
          graph_from(from),
          graph_path(graph_file()),
          listings(open, from, graph_path) {}

    Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                        std::span<const TrackId> without,
                                                        const Deadline& deadline) override {
        using Answer = Result<std::vector<std::vector<VectorHit>>>;
        if (auto checked = check_queries(open.space, queries); !checked) return forward(checked);
        return read(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listings.at(transaction);
            if (!listed) return forward(listed);
            const QuantisedQueries quantised(queries, open.space.dimension);
            const std::unordered_set<TrackId> left_out(without.begin(), without.end());
            const auto scan = [&](std::span<const VectorEntry> entries) {
                return flat_scan(entries, quantised, count, left_out, deadline, executor);
            };
            const VectorListing& list = **listed;
            // When many chunks are gone, the links may no longer reach all the others.
            if (!list.graph || list.cover.gone_chunks * 4 > list.cover.rows.size()) return scan(list.entries);
            auto found = graph_search(*list.graph, list.cover, list.entries, quantised, count, left_out, deadline);
            if (!found) return forward(found);
            if (!*found) return scan(list.entries);
            const auto fresh = scan(list.cover.fresh);
            if (!fresh) return forward(fresh);
            merge_hits(**found, *fresh, count);
            return std::move(**found);
        });
    }

    Result<GraphState> update_graph(const Deadline& deadline) {
        GraphPlan plan;
        plan.dimension = open.space.dimension;
        std::shared_ptr<const VectorListing> before;  // owns what the plan points to
        auto state =
            read(deadline, [&](const lmdb::Transaction& transaction) { return plan_graph(transaction, plan, before); });
        if (!state || *state != GraphState::made) return state;
        GraphCover now;
        std::size_t now_at = 0;
        const auto with_rows = [&](const std::function<void(std::span<const ChunkRow>)>& work) {
            return read(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
                if (now.rows.empty() || now_at != transaction.id()) {
                    const auto record = open.find(transaction);
                    if (!record) return forward(record);
                    std::vector<VectorEntry> entries;
                    if (*record) entries = open.tables->entries(transaction, **record);
                    now = cover(plan.tracks, entries, graph_tracks(entries), open.space.dimension);
                    now_at = transaction.id();
                }
                work(now.rows);
                return {};
            });
        };
        auto made = guarded(kVectorIndexName, open.environment.folder(),
                            [&] { return make_graph(graph_path, plan, with_rows, deadline); });
        if (!made) return forward(made);
        return GraphState::made;
    }

    Result<std::vector<TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackVectors>>;
        return read(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto record = open.find(transaction);
            if (!record) return forward(record);
            std::vector<TrackVectors> found;
            for (const TrackId& id : ids) {
                TrackVectors& track = found.emplace_back(TrackVectors{.id = id, .start_seconds = {}, .values = {}});
                const auto entry = *record ? open.tables->find(transaction, **record, id) : std::nullopt;
                if (!entry) continue;
                track.start_seconds.resize(entry->count);
                std::memcpy(track.start_seconds.data(), entry->starts, entry->count * sizeof(float));
                const std::size_t dimension = open.space.dimension;
                track.values.resize(entry->count * dimension);
                for (std::size_t i = 0; i < entry->count; ++i) {
                    float scale = 0;
                    std::memcpy(&scale, entry->scales + i * sizeof scale, sizeof scale);
                    dequantise(entry->rows + i * dimension, scale,
                               std::span(track.values).subspan(i * dimension, dimension));
                }
            }
            return found;
        });
    }

    Result<VectorStats> stats(const Deadline& deadline) override {
        using Answer = Result<VectorStats>;
        return read(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listings.at(transaction);
            if (!listed) return forward(listed);
            VectorStats stats;
            stats.tracks = (*listed)->entries.size();
            for (const VectorEntry& entry : (*listed)->entries) stats.vectors += entry.count;
            stats.bytes = stats.vectors * (open.space.dimension + 2 * sizeof(float));
            return stats;
        });
    }

    const VectorSpace& space() const override { return open.space; }

    Result<void> add(std::span<const TrackVectors> tracks, const Deadline& deadline) override {
        if (auto right = check_vectors(open.space, tracks); !right) return right;
        return write(deadline, [&](const lmdb::Transaction& transaction) { return put(transaction, tracks); });
    }

    Result<void> put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks) {
        const auto record = open.find(transaction);
        if (!record) return forward(record);
        open.tables->put(transaction, open.space, tracks);
        return {};
    }

    Result<void> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        return write(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
            const auto record = open.find(transaction);
            if (!record) return forward(record);
            for (const TrackId& id : ids) {
                if (*record) open.tables->erase(transaction, (*record)->number, id);
            }
            return {};
        });
    }

    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackId>>;
        return read(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listings.at(transaction);
            if (!listed) return forward(listed);
            std::vector<TrackId> ids;
            ids.reserve((*listed)->entries.size());
            for (const VectorEntry& entry : (*listed)->entries) ids.push_back(entry.id);
            return ids;
        });
    }

    Result<void> clear(const Deadline& deadline) override {
        return write(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
            open.tables->drop_space(transaction, open.space.name);
            std::error_code ignored;
            std::filesystem::remove(graph_path, ignored);
            return {};
        });
    }

  private:
    template <typename Body>
    IndexEnvironment::Answer<Body> read(const Deadline& deadline, Body&& body) {
        return open.environment.read(kVectorIndexName, deadline, std::forward<Body>(body));
    }

    /// `body` returns Result<void> and changes something when it succeeds.
    template <typename Body>
    Result<void> write(const Deadline& deadline, Body&& body) {
        return open.environment.write(kVectorIndexName, deadline,
                                      [&](const lmdb::Transaction& transaction) -> Result<Outcome> {
                                          if (auto done = body(transaction); !done) return forward(done);
                                          return Outcome::changed;
                                      });
    }

    std::filesystem::path graph_file() const {
        std::string name = open.space.name + ".graph";
        std::replace(name.begin(), name.end(), '/', '_');
        return open.environment.folder() / name;
    }

    /// Plans the update. GraphState::made means that a graph must be made. `before` owns what the plan points to.
    Result<GraphState> plan_graph(const lmdb::Transaction& transaction, GraphPlan& plan,
                                  std::shared_ptr<const VectorListing>& before) {
        auto listed = listings.at(transaction);
        if (!listed) return forward(listed);
        before = *listed;
        if (before->chunks < graph_from || before->chunks >= kNoChunk) return GraphState::not_needed;
        if (before->graph && before->graph != checked_graph && before->graph->whole()) checked_graph = before->graph;
        const bool whole = before->graph && before->graph == checked_graph;
        if (whole && !outdated(before->cover, before->chunks)) return GraphState::good;
        plan.tracks = graph_tracks(before->entries);
        if (whole && before->cover.fresh_chunks + before->cover.gone_chunks < before->chunks / 2) {
            plan.before = before->graph.get();
            plan.before_cover = &before->cover;
        }
        return GraphState::made;
    }

    OpenSpace open;
    Executor& executor;
    std::size_t graph_from;
    std::filesystem::path graph_path;
    VectorListings listings;
    std::shared_ptr<const GraphFile> checked_graph;  ///< by update_graph(), which runs once at a time
};

LmdbVectorIndex::LmdbVectorIndex(const IndexEnvironment& environment, std::optional<VectorTables> tables,
                                 VectorSpace space, Executor& executor, std::size_t graph_from)
    : impl_(std::make_unique<Impl>(environment, tables, std::move(space), executor, graph_from)) {}
LmdbVectorIndex::~LmdbVectorIndex() = default;
VectorIndexReader& LmdbVectorIndex::reader() {
    return *impl_;
}
VectorIndexWriter& LmdbVectorIndex::writer() {
    return *impl_;
}
Result<GraphState> LmdbVectorIndex::update_graph(const Deadline& deadline) {
    return impl_->update_graph(deadline);
}
Result<void> LmdbVectorIndex::put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks) {
    return impl_->put(transaction, tracks);
}

}  // namespace audio_ident::index
