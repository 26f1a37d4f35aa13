#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "catalog/sql_backend.hpp"
#include "catalog/sql_deliveries.hpp"
#include "catalog/sql_monitors.hpp"
#include "catalog/sql_timelines.hpp"
#include "lib/soci/connection_pool.hpp"

namespace audio_ident::catalog {

/// What open() does when the database's schema is older than the program's.
enum class SchemaPolicy {
    upgrade,  ///< migrate it, and create the database if it does not exist
    require,  ///< fail with unsupported and tell the user to run `audio-ident db upgrade`
    exact     ///< the same, and when it is newer, whether or not this program works with it
};

/// The Catalog on any SqlBackend. Reads run in parallel, each on its own connection. Writes take turns.
class SqlCatalog : public Catalog {
  public:
    using Clock = std::function<Timestamp()>;

    static Result<std::unique_ptr<SqlCatalog>> open(std::shared_ptr<SqlBackend> backend, SchemaPolicy policy,
                                                    Clock clock, const Deadline& deadline);

    Result<void> insert(const Track& track, const Deadline& deadline) override;
    Result<bool> update(const Track& track, const Deadline& deadline) override;
    Result<void> put(std::span<const Track> tracks, const Deadline& deadline) override;
    Result<bool> remove(const TrackId& id, const Deadline& deadline) override;
    Result<std::optional<Track>> find(const TrackId& id, const Deadline& deadline) override;
    Result<std::vector<Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) override;
    Result<std::optional<Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) override;
    Result<std::optional<Track>> find_by_path(const std::string& path, const Deadline& deadline) override;
    Result<TrackPage> list(const ListQuery& query, const Deadline& deadline) override;
    Result<void> for_each_file(const std::function<void(const FileRecord&)>& visit, const Deadline& deadline) override;
    Result<void> for_each_chromaprint(
        double low, double high,
        const std::function<void(const TrackId&, double duration_seconds, const std::string& fingerprint)>& visit,
        const Deadline& deadline) override;
    Result<std::int64_t> count(std::optional<TrackState> state, const Deadline& deadline) override;
    Result<std::int64_t> generation(const Deadline& deadline) override;
    Result<void> ping(const Deadline& deadline) override;
    TimelineStore& timelines() override { return timelines_; }
    MonitorStore& monitors() override { return monitors_; }
    DeliveryStore& deliveries() override { return deliveries_; }

    /// Where fill() gets rows from, in batches; an empty one is the last.
    struct Filling {
        struct Timeline {
            TimelineRow row;
            std::optional<TimelineResult> result;
        };
        std::function<Result<std::vector<Track>>()> tracks;
        std::function<Result<std::vector<Timeline>>()> timelines;
        std::function<Result<std::vector<MonitorRow>>()> monitors = [] { return std::vector<MonitorRow>(); };
        std::function<Result<std::vector<PlayRow>>()> plays = [] { return std::vector<PlayRow>(); };
        std::function<Result<std::vector<OutageRow>>()> outages = [] { return std::vector<OutageRow>(); };
        std::function<Result<std::vector<SoundRow>>()> sounds = [] { return std::vector<SoundRow>(); };
        std::function<Result<std::vector<SoundPlayRow>>()> sound_plays = [] { return std::vector<SoundPlayRow>(); };
    };
    /// Fills an empty catalog in one transaction, timestamps included. Fails with invalid_input when the catalog has
    /// tracks, timelines or monitors, and passes on the failure of a batch.
    Result<void> fill(const Filling& filling, const Deadline& deadline);
    /// Fails as fill() does when there is something in the catalog.
    Result<void> check_is_empty(const Deadline& deadline);

  private:
    SqlCatalog(std::shared_ptr<SqlBackend> backend, std::unique_ptr<Migrator> migrator, Migrator::Newer newer,
               Clock clock);

    template <typename Value, typename Work>
    Result<Value> run(lib::ConnectionPool& pool, const Deadline& deadline, Work work);
    Result<std::vector<Track>> select(const std::string& condition, const std::string& value, const Deadline& deadline);
    Result<std::optional<Track>> select_one(const std::string& condition, const std::string& value,
                                            const Deadline& deadline);
    std::string select_columns() const;
    Track made_now(Track track) const;
    void insert_row(lib::Connection& connection, const Track& row) const;
    bool update_row(lib::Connection& connection, Track row) const;
    Result<void> check_is_empty(lib::Connection& connection) const;

    std::shared_ptr<SqlBackend> backend_;  ///< shared with the migrator
    std::unique_ptr<Migrator> migrator_;
    Clock clock_;
    lib::ConnectionPool readers_;
    lib::ConnectionPool writer_;
    SqlTimelines timelines_;
    SqlMonitors monitors_;
    SqlDeliveries deliveries_;
};

}  // namespace audio_ident::catalog
