#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "catalog/sql_catalog.hpp"

namespace audio_ident::catalog {

struct SqliteCatalogSettings {
    std::string path = {};  ///< path of the database file, any bytes; its folder must exist
    /// An embedded catalog has no administrator, so by default the program migrates its schema.
    SchemaPolicy schema = SchemaPolicy::upgrade;
    /// The clock for ingested_at and updated_at; empty: the system's clock.
    SqlCatalog::Clock clock = {};
};

/// Opens the catalog in an SQLite file in WAL mode (with "-wal" and "-shm" files beside it). Fails as Catalog and
/// Migrator do. The deadline matters only while another program migrates or locks the file.
Result<std::unique_ptr<Catalog>> open_sqlite_catalog(
    const SqliteCatalogSettings& settings, const Deadline& deadline = Deadline::after(std::chrono::seconds(30)));

/// A migrator for `audio-ident db …`. Does not open the file yet.
Result<std::unique_ptr<Migrator>> open_sqlite_migrator(const SqliteCatalogSettings& settings);

}  // namespace audio_ident::catalog
