#include "catalog/postgres_catalog.hpp"

#include "catalog/postgres_backend.hpp"

namespace audio_ident::catalog {

Result<std::unique_ptr<Catalog>> open_postgres_catalog(const PostgresCatalogSettings& settings,
                                                       const Deadline& deadline) {
    return SqlCatalog::open(make_postgres_backend(settings.url), settings.schema, settings.clock, deadline);
}

Result<std::unique_ptr<Migrator>> open_postgres_migrator(const PostgresCatalogSettings& settings) {
    return Migrator::create(make_postgres_backend(settings.url));
}

}  // namespace audio_ident::catalog
