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

/// What the catalog's SQL says differently for each database. All other SQL is shared.
struct SqlDialect {
    std::string begin_read;       ///< begins a transaction in which all reads see one state
    std::string begin_write;      ///< begins a transaction that writes
    std::string begin_migration;  ///< begins one that a single program at a time can be in
    std::string count_table;      ///< counts the tables named :name
    std::string count_tables;     ///< counts all tables; empty where others' tables beside ours are normal
    /// A condition that holds for the ids in the list bound to :value, and that list.
    std::string id_in_list;
    std::string (*list_of)(std::span<const TrackId> ids) = nullptr;
    /// An expression with the text form of the time in a column (timestamp_text.hpp).
    std::string (*timestamp_text)(const std::string& column) = nullptr;
};

/// A database the catalog can live in: how to reach it, its dialect and its schema. Thread-safe.
class SqlBackend {
  public:
    enum class Create { if_missing, never };

    virtual ~SqlBackend() = default;

    virtual Result<std::unique_ptr<lib::Connection>> connect(Create create, const Deadline& deadline) = 0;
    /// False when there is no database yet, so that connect(Create::never) would fail.
    virtual bool exists() = 0;
    /// For messages; holds no secrets.
    virtual const std::string& location() const = 0;
    virtual const SqlDialect& dialect() const = 0;
    virtual std::span<const EmbeddedFile> migration_files() const = 0;
};

}  // namespace audio_ident::catalog
