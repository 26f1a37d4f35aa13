#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "catalog/migration.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "lib/soci/connection.hpp"

namespace audio_ident::catalog {

/// The SQL that differs between databases. All other SQL is shared.
struct SqlDialect {
    std::string begin_read;       ///< starts a transaction whose reads all see the same state
    std::string begin_write;      ///< starts a transaction that writes
    std::string begin_migration;  ///< starts a transaction that only one program at a time can hold
    std::string count_table;      ///< counts the tables with the name :name
    std::string count_tables;     ///< counts all tables; empty where a database may contain other programs' tables
    /// id_in_list is a condition that holds for ids in the list bound to :value; id_list makes that list.
    std::string id_in_list;
    std::string (*list_of)(std::span<const TrackId> ids) = nullptr;
    /// An SQL expression that formats a timestamp column as timestamp_text.hpp does.
    std::string (*timestamp_text)(const std::string& column) = nullptr;
    /// An SQL expression for the seconds between two timestamp columns.
    std::string (*seconds_between)(const std::string& begin, const std::string& end) = nullptr;
};

/// A database that can hold the catalog: how to connect, its dialect and its migrations. Thread-safe.
class SqlBackend {
  public:
    enum class Create { if_missing, never };

    virtual ~SqlBackend() = default;

    virtual Result<std::unique_ptr<lib::Connection>> connect(Create create, const Deadline& deadline) = 0;
    /// False when there is no database yet; connect(Create::never) would then fail.
    virtual bool exists() = 0;
    /// The database's address for messages, without secrets.
    virtual const std::string& location() const = 0;
    virtual const SqlDialect& dialect() const = 0;
    virtual std::span<const EmbeddedFile> migration_files() const = 0;
};

}  // namespace audio_ident::catalog
