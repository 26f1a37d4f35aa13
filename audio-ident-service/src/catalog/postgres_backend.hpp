#pragma once

#include <memory>
#include <string>

#include "catalog/sql_backend.hpp"

namespace audio_ident::catalog {

/// The PostgreSQL database at `url`, postgresql://USER:PASSWORD@HOST:PORT/NAME; opens nothing yet. The database itself
/// is its administrator's to make.
std::shared_ptr<SqlBackend> make_postgres_backend(const std::string& url);

}  // namespace audio_ident::catalog
