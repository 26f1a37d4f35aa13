#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "lib/soci/connection_pool.hpp"
#include "lib/soci/postgres_connection.hpp"

namespace audio_ident::catalog {

/// Runs single statements in a PostgreSQL database, each on a connection that is opened when it is needed, so that an
/// outage is over as soon as the server answers again. Thread-safe.
class PostgresDatabase {
  public:
    using Row = lib::PostgresConnection::Row;

    /// `url` as lib::PostgresConnection::open() takes it.
    PostgresDatabase(const std::string& url, std::size_t most_connections);

    /// Without secrets.
    const std::string& location() const { return location_; }
    /// As lib::PostgresConnection::query(). Fails with not_available, timeout, and with unsupported when the schema has
    /// no such table.
    Result<void> query(const std::string& sql, std::span<const lib::PostgresValue> values, const Deadline& deadline,
                       const std::function<void(Row)>& see);

  private:
    std::string location_;
    lib::ConnectionPool connections_;
};

/// A text as a parameter and in a row. Texts travel as bytes, and become texts in the statement: convert_from($1,
/// 'UTF8').
lib::PostgresValue text(std::string_view value);
std::string text_in(PostgresDatabase::Row row, std::size_t column);

}  // namespace audio_ident::catalog
