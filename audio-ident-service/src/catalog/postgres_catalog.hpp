#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/migrator.hpp"
#include "catalog/sql_catalog.hpp"

namespace audio_ident::catalog {

struct PostgresCatalogSettings {
    std::string url = {};  ///< postgresql://USER:PASSWORD@HOST:PORT/NAME
    /// The administrator of a server owns its schema, so only `audio-ident db upgrade` changes it.
    SchemaPolicy schema = SchemaPolicy::require;
    /// The clock for ingested_at and updated_at; empty: the system's clock.
    SqlCatalog::Clock clock = {};
};

/// Opens the catalog in a PostgreSQL database, version 15 or later. Fails as Catalog and Migrator do. While the server
/// is down, calls fail with not_available; the first call after that reconnects.
Result<std::unique_ptr<Catalog>> open_postgres_catalog(
    const PostgresCatalogSettings& settings, const Deadline& deadline = Deadline::after(std::chrono::seconds(30)));

/// A migrator for `audio-ident db …`. Does not connect yet.
Result<std::unique_ptr<Migrator>> open_postgres_migrator(const PostgresCatalogSettings& settings);

}  // namespace audio_ident::catalog
