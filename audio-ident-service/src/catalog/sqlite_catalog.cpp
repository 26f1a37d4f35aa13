#include "catalog/sqlite_catalog.hpp"

#include "catalog/sqlite_backend.hpp"

namespace audio_ident::catalog {

Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const SqliteCatalogSettings& settings, const Deadline& deadline) {
    return SqlCatalog::open(make_sqlite_backend(settings.path), settings.schema, settings.clock, deadline);
}

Result<std::unique_ptr<Migrator>> open_sqlite_migrator(const SqliteCatalogSettings& settings) {
    return Migrator::create(make_sqlite_backend(settings.path));
}

}  // namespace audio_ident::catalog
