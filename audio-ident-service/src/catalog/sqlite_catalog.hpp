#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "catalog/sql_catalog.hpp"

namespace audio_ident::catalog {

struct SqliteCatalogSettings {
    std::string path = {};  ///< of the database file, any bytes; its folder must exist
    /// An embedded catalog has no administrator, so by default its schema follows the program.
    SchemaPolicy schema = SchemaPolicy::upgrade;
    /// What insert() and update() take as now; empty: the system's clock.
    SqlCatalog::Clock clock = {};
};

/// The catalog in an SQLite file, in WAL mode ("-wal" and "-shm" files beside it). Fails as Catalog and Migrator say;
/// the deadline matters only while another program migrates or holds the file.
Result<std::unique_ptr<Catalog>> open_sqlite_catalog(
    const SqliteCatalogSettings& settings, const Deadline& deadline = Deadline::after(std::chrono::seconds(30)));

/// For `audio-ident db …`; opens nothing yet.
Result<std::unique_ptr<Migrator>> open_sqlite_migrator(const SqliteCatalogSettings& settings);

}  // namespace audio_ident::catalog
