#pragma once

#include <memory>
#include <string>

#include "catalog/service_registry.hpp"

namespace audio_ident::catalog {

/// The services on the library whose catalog is in this PostgreSQL database. `url` as lib::PostgresConnection::open()
/// takes it. Connects when it is first used.
std::unique_ptr<ServiceRegistry> make_postgres_services(const std::string& url);

}  // namespace audio_ident::catalog
