#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/sort.hpp"
#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// Which rows list() returns.
struct ListQuery {
    std::string search = {};  ///< case-insensitive (full Unicode), substring of title or artist; empty: all
    std::optional<TrackState> state = {};
    TrackSort sort = TrackSort::added;
    std::optional<SortOrder> order = {};  ///< absent: the usual one
    std::int64_t offset = 0;
    std::int64_t limit = 50;  ///< at least 1
};

struct TrackPage {
    std::vector<Track> tracks;  ///< as sorted; without a wish newest first, ties by id
    std::int64_t total = 0;     ///< rows that match, all pages together
};

/// What the ingest scanner needs to know about a file it has seen before, without loading whole rows.
struct FileRecord {
    TrackId id;
    std::string file_path;
    std::string file_hash_sha256;
    std::int64_t file_size_bytes = 0;
    std::int64_t file_modified_ns = 0;
    double duration_seconds = 0;
    TrackState state = TrackState::pending;
};

/// The tracks and their states. One instance is thread-safe; several processes may use the same database.
/// Every method can fail with not_available (database gone, locked beyond the deadline, disk full, read-only), timeout,
/// corrupt, and what it says below.
class Catalog {
  public:
    virtual ~Catalog() = default;

    /// Adds a row; ingested_at and updated_at are set here. invalid_input when the id or the hash exists already or a
    /// value breaks Track's bounds.
    virtual Result<void> insert(const Track& track, const Deadline& deadline) = 0;
    /// Replaces every column of the row with this id but ingested_at; false when there is no such row.
    virtual Result<bool> update(const Track& track, const Deadline& deadline) = 0;
    /// Adds the rows whose id is new, as insert(), and replaces those whose id is there, as update(): all of them in one
    /// durable transaction, or none. invalid_input when any of them has the hash of another row or breaks Track's bounds.
    virtual Result<void> put(std::span<const Track> tracks, const Deadline& deadline) = 0;
    /// False when there was no such row.
    virtual Result<bool> remove(const TrackId& id, const Deadline& deadline) = 0;

    virtual Result<std::optional<Track>> find(const TrackId& id, const Deadline& deadline) = 0;
    /// Rows for many ids in one query; absent ids are left out; order unspecified.
    virtual Result<std::vector<Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<std::optional<Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) = 0;
    /// A path may have been taken over by another file: the newest row wins.
    virtual Result<std::optional<Track>> find_by_path(const std::string& path, const Deadline& deadline) = 0;

    virtual Result<TrackPage> list(const ListQuery& query, const Deadline& deadline) = 0;

    /// Calls `visit` with every row's file record, in file_path order; `visit` must not call the catalog.
    virtual Result<void> for_each_file(const std::function<void(const FileRecord&)>& visit,
                                       const Deadline& deadline) = 0;
    /// Ready tracks with a Chromaprint fingerprint whose duration lies in [low, high] seconds.
    virtual Result<void> for_each_chromaprint(
        double low, double high,
        const std::function<void(const TrackId&, double duration_seconds, const std::string& fingerprint)>& visit,
        const Deadline& deadline) = 0;

    virtual Result<std::int64_t> count(std::optional<TrackState> state, const Deadline& deadline) = 0;
    /// Grows with every committed change, by whichever process: a reader whose number is unchanged has seen all.
    virtual Result<std::int64_t> generation(const Deadline& deadline) = 0;
    /// A cheap round trip that shows the database answers.
    virtual Result<void> ping(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::catalog
