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
    /// A server's schema is its administrator's: changed by `audio-ident db upgrade` only.
    SchemaPolicy schema = SchemaPolicy::require;
    /// What insert() and update() take as now; empty: the system's clock.
    SqlCatalog::Clock clock = {};
};

/// The catalog in a PostgreSQL database, version 15 or later. Fails as Catalog and Migrator say. After an outage of the
/// server the next call connects anew; the calls during it fail with not_available.
Result<std::unique_ptr<Catalog>> open_postgres_catalog(
    const PostgresCatalogSettings& settings, const Deadline& deadline = Deadline::after(std::chrono::seconds(30)));

/// For `audio-ident db …`; opens nothing yet.
Result<std::unique_ptr<Migrator>> open_postgres_migrator(const PostgresCatalogSettings& settings);

}  // namespace audio_ident::catalog
