#pragma once

#include "catalog/sql_backend.hpp"
#include "catalog/timeline_store.hpp"
#include "lib/soci/connection_pool.hpp"

namespace audio_ident::catalog {

/// The TimelineStore on any SqlBackend, on the connections of its SqlCatalog.
class SqlTimelines : public TimelineStore {
  public:
    /// All outlive it.
    SqlTimelines(const SqlBackend& backend, lib::ConnectionPool& readers, lib::ConnectionPool& writer)
        : backend_(backend), readers_(readers), writer_(writer) {}

    Result<void> add(const TimelineRow& row, const Deadline& deadline) override;
    Result<bool> update(const TimelineRow& row, const Deadline& deadline) override;
    Result<bool> finish(const TimelineRow& row, const std::string& result, const Deadline& deadline) override;
    Result<bool> change(const Uuid& id, const TimelineResult& changed, std::int64_t entries,
                        const Deadline& deadline) override;
    Result<bool> remove(const Uuid& id, const Deadline& deadline) override;
    Result<std::optional<TimelineRow>> find(const Uuid& id, const Deadline& deadline) override;
    Result<std::optional<TimelineResult>> result(const Uuid& id, const Deadline& deadline) override;
    Result<TimelineRowPage> list(std::int64_t offset, std::int64_t limit, const Deadline& deadline) override;
    Result<std::vector<TimelineRow>> unfinished(const Deadline& deadline) override;

    /// Adds a row inside the caller's transaction. Throws.
    static void insert(lib::Connection& connection, const TimelineRow& row,
                       const std::optional<TimelineResult>& result);

  private:
    std::string select_columns() const;

    const SqlBackend& backend_;
    lib::ConnectionPool& readers_;
    lib::ConnectionPool& writer_;
};

}  // namespace audio_ident::catalog
