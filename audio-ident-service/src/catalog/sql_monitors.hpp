#pragma once

#include "catalog/monitor_store.hpp"
#include "catalog/sql_backend.hpp"
#include "lib/soci/connection_pool.hpp"

namespace audio_ident::catalog {

/// The MonitorStore on any SqlBackend, on the connections of its SqlCatalog.
class SqlMonitors : public MonitorStore {
  public:
    /// All outlive it.
    SqlMonitors(const SqlBackend& backend, lib::ConnectionPool& readers, lib::ConnectionPool& writer)
        : backend_(backend), readers_(readers), writer_(writer) {}

    Result<void> add(const MonitorRow& row, const Deadline& deadline) override;
    Result<bool> change(const MonitorRow& row, const Deadline& deadline) override;
    Result<bool> note(const Uuid& id, const std::string& keeper, const MonitorNow& now,
                      const Deadline& deadline) override;
    Result<bool> remove(const Uuid& id, const Deadline& deadline) override;
    Result<std::optional<MonitorRow>> find(const Uuid& id, const Deadline& deadline) override;
    Result<std::vector<MonitorRow>> list(const Deadline& deadline) override;
    Result<KeptMonitors> claim(const std::string& keeper, Timestamp now, Timestamp until,
                               const Deadline& deadline) override;
    Result<bool> store(const Uuid& monitor, const std::string& keeper, const PlayChanges& changes,
                       const Deadline& deadline) override;
    Result<PlayPage> plays(const PlayFilter& filter, std::int64_t offset, std::int64_t limit,
                           const Deadline& deadline) override;
    Result<std::vector<PlayTotal>> totals(const PlayFilter& filter, TotalsBy by, std::int64_t limit,
                                          const Deadline& deadline) override;
    Result<std::vector<PlayRow>> recent(const Uuid& monitor, Timestamp ended_since, const Deadline& deadline) override;
    Result<bool> put_outage(const OutageRow& outage, const std::string& keeper, const Deadline& deadline) override;
    Result<std::vector<OutageRow>> outages(const Uuid& monitor, std::int64_t limit, const Deadline& deadline) override;
    Result<std::int64_t> forget(Timestamp before, const Deadline& deadline) override;

    Result<SoundPage> sounds(const Uuid& monitor, std::int64_t offset, std::int64_t limit,
                             const Deadline& deadline) override;
    Result<std::optional<CountedSound>> find_sound(const Uuid& monitor, std::int64_t number,
                                                   const Deadline& deadline) override;
    Result<std::vector<SoundPlayRow>> sound_plays(const Uuid& sound, std::int64_t limit,
                                                  const Deadline& deadline) override;
    Result<std::vector<SoundPlayRow>> recent_sound_plays(const Uuid& monitor, Timestamp ended_since,
                                                         const Deadline& deadline) override;
    Result<bool> store_sounds(const Uuid& monitor, const std::string& keeper, const SoundChanges& changes,
                              const Deadline& deadline) override;
    Result<bool> keep_sound(const Uuid& sound, const TrackId& track, const Deadline& deadline) override;

    /// Each adds a row inside the caller's transaction. Throws.
    static void insert(lib::Connection& connection, const MonitorRow& row);
    static void insert(lib::Connection& connection, const PlayRow& row);
    static void insert(lib::Connection& connection, const OutageRow& row);
    static void insert(lib::Connection& connection, const SoundRow& row);
    static void insert(lib::Connection& connection, const SoundPlayRow& row);

  private:
    static bool write_note(lib::Connection& connection, const Uuid& id, const std::string& keeper,
                           const MonitorNow& now);
    std::vector<MonitorRow> rows(lib::Connection& connection, const std::string& condition,
                                 const std::string& value) const;

    const SqlBackend& backend_;
    lib::ConnectionPool& readers_;
    lib::ConnectionPool& writer_;
};

}  // namespace audio_ident::catalog
