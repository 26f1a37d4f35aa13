#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/delivery_store.hpp"
#include "catalog/monitor_store.hpp"
#include "catalog/sort.hpp"
#include "catalog/timeline_store.hpp"
#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::catalog {

/// Which files' tracks are listed. A damaged file ends early or has frames that could not be decoded.
enum class Which { all, damaged };

/// Selects and orders the rows that list() returns.
struct ListQuery {
    std::string search = {};  ///< substring of title or artist, ignoring case (full Unicode); empty: all rows
    std::optional<TrackState> state = {};
    Which which = Which::all;
    TrackSort sort = TrackSort::added;
    std::optional<SortOrder> order = {};  ///< absent: usual_order(sort)
    std::int64_t offset = 0;
    std::int64_t limit = 50;  ///< rows per page, at least 1
};

struct TrackPage {
    std::vector<Track> tracks;  ///< in the requested order; by default newest first, ties by id
    std::int64_t total = 0;     ///< matching rows on all pages together
};

/// What the ingest scanner needs to know about a file it has seen before. Cheaper than a whole row.
struct FileRecord {
    TrackId id;
    std::string file_path;
    std::string file_hash_sha256;
    std::int64_t file_size_bytes = 0;
    std::int64_t file_modified_ns = 0;
    double duration_seconds = 0;
    TrackState state = TrackState::pending;
};

/// The port for tracks and their states. An instance is thread-safe. Several processes may share one database.
/// Every method can fail with not_available (database unreachable, locked past the deadline, disk full, read-only),
/// timeout or corrupt. Comments below name further failures.
class Catalog {
  public:
    virtual ~Catalog() = default;

    /// Adds a row and sets ingested_at and updated_at. Fails with invalid_input when the id or the hash already exists
    /// or a value breaks Track's bounds.
    virtual Result<void> insert(const Track& track, const Deadline& deadline) = 0;
    /// Replaces every column of the row with this id except ingested_at. Returns false when there is no such row.
    virtual Result<bool> update(const Track& track, const Deadline& deadline) = 0;
    /// Inserts rows with a new id and updates rows with a known id, all in one durable transaction or not at all. Fails
    /// with invalid_input when a track has the hash of another row or breaks Track's bounds.
    virtual Result<void> put(std::span<const Track> tracks, const Deadline& deadline) = 0;
    /// Returns false when there is no such row.
    virtual Result<bool> remove(const TrackId& id, const Deadline& deadline) = 0;

    virtual Result<std::optional<Track>> find(const TrackId& id, const Deadline& deadline) = 0;
    /// Loads many rows in one query. Unknown ids are skipped. The order is unspecified.
    virtual Result<std::vector<Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    virtual Result<std::optional<Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) = 0;
    /// Several rows can have the same path when a new file replaced an old one; the newest row is returned.
    virtual Result<std::optional<Track>> find_by_path(const std::string& path, const Deadline& deadline) = 0;

    virtual Result<TrackPage> list(const ListQuery& query, const Deadline& deadline) = 0;

    /// Calls `visit` with each row's file record, ordered by file_path. `visit` must not call the catalog.
    virtual Result<void> for_each_file(const std::function<void(const FileRecord&)>& visit,
                                       const Deadline& deadline) = 0;
    /// Visits ready tracks that have a Chromaprint fingerprint and last between `low` and `high` seconds, inclusive.
    virtual Result<void> for_each_chromaprint(
        double low, double high,
        const std::function<void(const TrackId&, double duration_seconds, const std::string& fingerprint)>& visit,
        const Deadline& deadline) = 0;

    virtual Result<std::int64_t> count(std::optional<TrackState> state, const Deadline& deadline) = 0;
    /// A number that grows with every committed change by any process. While it stays the same, nothing has changed.
    virtual Result<std::int64_t> generation(const Deadline& deadline) = 0;
    /// Checks with a cheap round trip that the database answers.
    virtual Result<void> ping(const Deadline& deadline) = 0;

    /// The timelines in the same database. Lives as long as the catalog.
    virtual TimelineStore& timelines() = 0;
    /// The monitors in the same database, and their plays. Lives as long as the catalog.
    virtual MonitorStore& monitors() = 0;
    /// The plays in the same database that wait for the webhook. Lives as long as the catalog.
    virtual DeliveryStore& deliveries() = 0;
};

}  // namespace audio_ident::catalog
