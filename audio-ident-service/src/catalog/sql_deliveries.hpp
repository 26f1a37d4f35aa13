#pragma once

#include <span>

#include "catalog/delivery_store.hpp"
#include "catalog/sql_backend.hpp"
#include "lib/soci/connection_pool.hpp"

namespace audio_ident::catalog {

/// The DeliveryStore on any SqlBackend, on the connections of its SqlCatalog.
class SqlDeliveries : public DeliveryStore {
  public:
    /// All outlive it.
    SqlDeliveries(const SqlBackend& backend, lib::ConnectionPool& readers, lib::ConnectionPool& writer)
        : backend_(backend), readers_(readers), writer_(writer) {}

    Result<std::int64_t> waiting(const Deadline& deadline) override;
    Result<std::optional<Delivery>> claim(const std::string& sender, Timestamp now, Timestamp until,
                                          const Deadline& deadline) override;
    Result<bool> finish(const Uuid& play, const Deadline& deadline) override;
    Result<std::int64_t> drop(Timestamp before, const Deadline& deadline) override;

    /// Adds those of the plays that are final and were not yet, inside the caller's transaction, before it stores them.
    /// Throws.
    static void add(lib::Connection& connection, std::span<const PlayRow> plays);

  private:
    const SqlBackend& backend_;
    lib::ConnectionPool& readers_;
    lib::ConnectionPool& writer_;
};

}  // namespace audio_ident::catalog
