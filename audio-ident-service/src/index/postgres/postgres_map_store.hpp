#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/store/guard.hpp"
#include "index/store/maps.hpp"
#include "lib/soci/connection_pool.hpp"
#include "lib/soci/postgres_connection.hpp"

namespace audio_ident::index {

/// The maps of the fingerprint index in tables of a PostgreSQL database (migrations/postgresql). Connections are opened
/// when they are needed, so that an outage is over as soon as the server answers again.
///
/// Writers take turns by an advisory lock. Who takes it raises the number in the table fingerprint_turn, and every
/// transaction checks it: a writer whose connection died, and who comes back after another one took its turn, writes
/// nothing.
class PostgresMapStore final : public MapStore {
  public:
    /// `url` as PostgresConnection::open() takes it. `name`: of the index, for messages. Does not connect yet.
    PostgresMapStore(const std::string& url, const IndexName& name);

    const std::string& location() const override { return location_; }
    Result<void> read(const Deadline& deadline, const std::function<Result<void>(const MapView&)>& body) override;
    Result<std::unique_ptr<WritingTurn>> take_turn(const Deadline& deadline) override;

    /// Fails with unsupported when the database's schema has no tables for the maps.
    Result<void> check_schema(const Deadline& deadline);
    /// Empties all maps, whatever they contain, and makes what others have cached of them worthless.
    Result<void> erase(const Deadline& deadline);

    /// A connection on loan. One that is in an unknown state at the end is closed: it may still be in a transaction,
    /// and hold locks. The deadline applies to all its statements.
    class Lease {
      public:
        explicit Lease(lib::ConnectionPool::Lease lease) : lease_(std::move(lease)) {}
        ~Lease();
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        lib::PostgresConnection& operator*() { return static_cast<lib::PostgresConnection&>(**lease_); }
        lib::PostgresConnection* operator->() { return &**this; }
        void discard() { lease_->discard(); }

      private:
        std::optional<lib::ConnectionPool::Lease> lease_;
    };
    /// Without a deadline it is one to keep for long, of others than those that searches wait for.
    Result<Lease> connect(const Deadline& deadline);
    /// Runs `body`, which uses a connection and may throw; guarded_of_store() for PostgreSQL.
    Result<void> guarded(Lease& connection, const std::function<Result<void>()>& body) const;

  private:
    class Turn;

    IndexName name_;
    std::string location_;
    lib::ConnectionPool connections_;
    lib::ConnectionPool kept_;
};

}  // namespace audio_ident::index
