#include "index/vector/lmdb_vector_index.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "index/vector/check_vectors.hpp"
#include "index/vector/flat_scan.hpp"
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
};

}  // namespace

struct LmdbVectorIndex::Impl final : VectorIndexReader, VectorIndexWriter {
    Impl(const lmdb::Environment& e, std::optional<VectorTables> t, VectorSpace s)
        : environment(e), tables(t), its_space(std::move(s)) {}

    Result<std::vector<std::vector<VectorHit>>> nearest(std::span<const float> queries, std::size_t count,
                                                        std::span<const TrackId> without,
                                                        const Deadline& deadline) override {
        using Answer = Result<std::vector<std::vector<VectorHit>>>;
        if (auto checked = check_queries(its_space, queries); !checked) return forward(checked);
        return read<Answer>(deadline, [&](const lmdb::Transaction& transaction) -> Answer {
            const auto listed = listing(transaction);
            if (!listed) return forward(listed);
            return flat_scan((*listed)->entries, QuantisedQueries(queries, its_space.dimension), count,
                             {without.begin(), without.end()}, deadline);
        });
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

    /// shared_ptr: of the reads under way at that state, and of this object until there is a newer one.
    Result<std::shared_ptr<const Listing>> listing(const lmdb::Transaction& transaction) {
        const std::lock_guard lock(mutex);
        if (!newest || newest->transaction != transaction.id()) {
            const auto record = find_space(transaction);
            if (!record) return forward(record);
            auto made = std::make_shared<Listing>();
            made->transaction = transaction.id();
            if (*record) made->entries = tables->entries(transaction, **record);
            prefetch(made->entries, its_space.dimension);
            newest = std::move(made);
        }
        return newest;
    }

    const lmdb::Environment& environment;
    std::optional<VectorTables> tables;
    VectorSpace its_space;
    std::mutex mutex;
    std::shared_ptr<const Listing> newest;
};

LmdbVectorIndex::LmdbVectorIndex(const lmdb::Environment& environment, std::optional<VectorTables> tables,
                                 VectorSpace space)
    : impl_(std::make_unique<Impl>(environment, tables, std::move(space))) {}
LmdbVectorIndex::~LmdbVectorIndex() = default;
VectorIndexReader& LmdbVectorIndex::reader() {
    return *impl_;
}
VectorIndexWriter& LmdbVectorIndex::writer() {
    return *impl_;
}
Result<void> LmdbVectorIndex::put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks) {
    return impl_->put(transaction, tracks);
}

}  // namespace audio_ident::index
