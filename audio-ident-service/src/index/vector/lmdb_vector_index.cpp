#include "index/vector/lmdb_vector_index.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "index/vector/check_vectors.hpp"
#include "index/vector/flat_scan.hpp"
#include "index/vector/graph_maker.hpp"
#include "index/vector/graph_search.hpp"
#include "lib/lmdb/prefetch.hpp"

namespace audio_ident::index {

namespace {

/// Fails when this program cannot read the space, or not with this dimension.
Result<void> check_space(const SpaceRecord& record, const VectorSpace& space, const std::filesystem::path& folder) {
    if (record.format_version != kVectorFormatVersion) {
        return fail(
            ErrorKind::unsupported, "vector index {}: \"{}\" has format {}, this program reads {}; {}", folder.string(),
            space.name, record.format_version, kVectorFormatVersion,
            record.format_version > kVectorFormatVersion ? "use a newer audio-ident" : "run `audio-ident reembed`");
    }
    if (record.dimension == space.dimension) return {};
    return fail(ErrorKind::unsupported,
                "vector index {}: the vectors of \"{}\" have {} numbers, the model gives {}; run `audio-ident reembed`",
                folder.string(), space.name, record.dimension, space.dimension);
}

/// Has the entries' pages read, those that lie together at once.
void prefetch(const std::vector<VectorEntry>& entries, std::size_t dimension) {
    constexpr std::ptrdiff_t kGap = 64 << 10;
    const std::byte* begin = nullptr;
    const std::byte* end = nullptr;
    for (const VectorEntry& entry : entries) {
        const auto* rows_end = reinterpret_cast<const std::byte*>(entry.rows + entry.count * dimension);
        if (begin == nullptr || entry.starts < end || entry.starts - end > kGap) {
            if (begin != nullptr) lmdb::prefetch({begin, end});
            begin = entry.starts;
        }
        end = rows_end;
    }
    if (begin != nullptr) lmdb::prefetch({begin, end});
}

/// What lies in one space at one committed state; pointers into the map, which hold for every transaction of the state.
struct Listing {
    std::size_t transaction = 0;
    std::vector<VectorEntry> entries;
    std::uint64_t chunks = 0;
    std::shared_ptr<const GraphFile> graph = nullptr;  ///< of this and the next listings; null: all is scanned
    GraphCover cover = {};
};

/// Whether so much has come and gone that the graph is worth bringing up to date.
bool outdated(const GraphCover& cover, std::uint64_t chunks) {
    return (cover.fresh_chunks + cover.gone_chunks) * 10 > chunks;
}

}  // namespace

struct LmdbVectorIndex::Impl final : VectorIndexReader, VectorIndexWriter {
    Impl(const lmdb::Environment& e, std::optional<VectorTables> t, VectorSpace s, std::size_t from)
        : environment(e), tables(t), its_space(std::move(s)), graph_from(from), graph_path(graph_file()) {}

    Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                        std::span<const TrackId> without,
                                                        const Deadline& deadline) override {
        using Answer = Result<std::vector<std::vector<VectorHit>>>;
        if (auto checked = check_queries(its_space, queries); !checked) return forward(checked);
        return read<Answer>(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listing(transaction);
            if (!listed) return forward(listed);
            const QuantisedQueries quantised(queries, its_space.dimension);
            const std::unordered_set<TrackId> left_out(without.begin(), without.end());
            const auto scan = [&](std::span<const VectorEntry> entries) {
                return flat_scan(entries, quantised, count, left_out, deadline);
            };
            const Listing& list = **listed;
            // With much gone, the way through what is left may be lost.
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
        plan.dimension = its_space.dimension;
        std::shared_ptr<const Listing> before;  // the plan's, and its graph
        auto state = read<Result<GraphState>>(
            deadline, [&](const lmdb::Transaction& transaction) { return plan_graph(transaction, plan, before); });
        if (!state || *state != GraphState::made) return state;
        GraphCover now;
        std::size_t now_at = 0;
        const auto with_rows = [&](const std::function<void(std::span<const ChunkRow>)>& work) {
            return read<Result<void>>(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
                if (now.rows.empty() || now_at != transaction.id()) {
                    const auto record = find_space(transaction);
                    if (!record) return forward(record);
                    std::vector<VectorEntry> entries;
                    if (*record) entries = tables->entries(transaction, **record);
                    now = cover(plan.tracks, entries, graph_tracks(entries), its_space.dimension);
                    now_at = transaction.id();
                }
                work(now.rows);
                return {};
            });
        };
        auto made = guarded(kVectorIndexName, environment.folder(),
                            [&] { return make_graph(graph_path, plan, with_rows, deadline); });
        if (!made) return forward(made);
        return GraphState::made;
    }

    Result<std::vector<TrackVectors>> vectors(std::span<const TrackId> ids, const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackVectors>>;
        return read<Answer>(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto record = find_space(transaction);
            if (!record) return forward(record);
            std::vector<TrackVectors> found;
            for (const TrackId& id : ids) {
                TrackVectors& track = found.emplace_back(TrackVectors{.id = id, .start_seconds = {}, .values = {}});
                const auto entry = *record ? tables->find(transaction, **record, id) : std::nullopt;
                if (!entry) continue;
                track.start_seconds.resize(entry->count);
                std::memcpy(track.start_seconds.data(), entry->starts, entry->count * sizeof(float));
                const std::size_t dimension = its_space.dimension;
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
        return read<Answer>(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listing(transaction);
            if (!listed) return forward(listed);
            VectorStats stats;
            stats.tracks = (*listed)->entries.size();
            for (const VectorEntry& entry : (*listed)->entries) stats.vectors += entry.count;
            stats.bytes = stats.vectors * (its_space.dimension + 2 * sizeof(float));
            return stats;
        });
    }

    const VectorSpace& space() const override { return its_space; }

    Result<void> add(std::span<const TrackVectors> tracks, const Deadline& deadline) override {
        if (auto right = check_vectors(its_space, tracks); !right) return right;
        return write(deadline, [&](const lmdb::Transaction& transaction) { return put(transaction, tracks); });
    }

    Result<void> put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks) {
        const auto record = find_space(transaction);
        if (!record) return forward(record);
        tables->put(transaction, its_space, tracks);
        return {};
    }

    Result<void> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        return write(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
            const auto record = find_space(transaction);
            if (!record) return forward(record);
            for (const TrackId& id : ids) {
                if (*record) tables->erase(transaction, (*record)->number, id);
            }
            return {};
        });
    }

    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override {
        using Answer = Result<std::vector<TrackId>>;
        return read<Answer>(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listing(transaction);
            if (!listed) return forward(listed);
            std::vector<TrackId> ids;
            ids.reserve((*listed)->entries.size());
            for (const VectorEntry& entry : (*listed)->entries) ids.push_back(entry.id);
            return ids;
        });
    }

    Result<void> clear(const Deadline& deadline) override {
        return write(deadline, [&](const lmdb::Transaction& transaction) -> Result<void> {
            tables->drop_space(transaction, its_space.name);
            std::error_code ignored;
            std::filesystem::remove(graph_path, ignored);
            return {};
        });
    }

  private:
    template <typename Answer, typename Body>
    Answer read(const Deadline& deadline, Body&& body) {
        return guarded(kVectorIndexName, environment.folder(), [&]() -> Answer {
            if (deadline.expired()) return fail(ErrorKind::timeout, "vector index: no time left to read it");
            const lmdb::Transaction transaction(environment, lmdb::Access::read_only);
            return body(transaction);
        });
    }

    template <typename Body>
    Result<void> write(const Deadline& deadline, Body&& body) {
        return guarded(kVectorIndexName, environment.folder(), [&]() -> Result<void> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "vector index: no time left to write it");
            lmdb::Transaction transaction(environment, lmdb::Access::read_write);
            if (deadline.expired()) {
                return fail(ErrorKind::timeout, "vector index {}: another writer was at work until the time was up",
                            environment.folder().string());
            }
            if (auto done = body(transaction); !done) return done;
            transaction.commit();
            return {};
        });
    }

    /// nullopt before its first vectors.
    Result<std::optional<SpaceRecord>> find_space(const lmdb::Transaction& transaction) {
        if (!tables) return std::optional<SpaceRecord>();
        const auto record = tables->find_space(transaction, its_space.name);
        if (!record) return record;
        if (auto right = check_space(*record, its_space, environment.folder()); !right) return forward(right);
        return record;
    }

    std::filesystem::path graph_file() const {
        std::string name = its_space.name + ".graph";
        std::replace(name.begin(), name.end(), '/', '_');
        return environment.folder() / name;
    }

    /// GraphState::made: what is to be done; `before` holds what the plan points to.
    Result<GraphState> plan_graph(const lmdb::Transaction& transaction, GraphPlan& plan,
                                  std::shared_ptr<const Listing>& before) {
        auto listed = listing(transaction);
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

    /// shared_ptr: of the reads under way at that state, and of this object until there is a newer one, or another graph.
    Result<std::shared_ptr<const Listing>> listing(const lmdb::Transaction& transaction) {
        const std::lock_guard lock(mutex);
        const bool same = newest && newest->transaction == transaction.id();
        if (same && (newest->chunks < graph_from || (newest->graph && newest->graph->is(graph_path)))) return newest;
        auto graph = newest ? newest->graph : nullptr;
        if (!graph || !graph->is(graph_path)) graph = GraphFile::open(graph_path, its_space.dimension);
        if (same && !graph && !newest->graph) return newest;

        auto made = std::make_shared<Listing>();
        made->transaction = transaction.id();
        const auto record = find_space(transaction);
        if (!record) return forward(record);
        if (*record) made->entries = tables->entries(transaction, **record);
        for (const VectorEntry& entry : made->entries) made->chunks += entry.count;
        if (graph && made->chunks >= graph_from) {
            made->cover = cover(graph->tracks(), made->entries, graph_tracks(made->entries), its_space.dimension);
            made->graph = std::move(graph);
        }
        if (!same) prefetch(made->entries, its_space.dimension);
        newest = std::move(made);
        return newest;
    }

    const lmdb::Environment& environment;
    std::optional<VectorTables> tables;
    VectorSpace its_space;
    std::size_t graph_from;
    std::filesystem::path graph_path;
    std::mutex mutex;
    std::shared_ptr<const Listing> newest;
    std::shared_ptr<const GraphFile> checked_graph;  ///< by update_graph(), one call of which is at work at a time
};

LmdbVectorIndex::LmdbVectorIndex(const lmdb::Environment& environment, std::optional<VectorTables> tables,
                                 VectorSpace space, std::size_t graph_from)
    : impl_(std::make_unique<Impl>(environment, tables, std::move(space), graph_from)) {}
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
