#pragma once

#include <memory>
#include <string>

#include "catalog/sql_backend.hpp"

namespace audio_ident::catalog {

/// The PostgreSQL database at `url` (postgresql://USER:PASSWORD@HOST:PORT/NAME). Does not connect yet. The
/// administrator creates the database itself.
std::shared_ptr<SqlBackend> make_postgres_backend(const std::string& url);

}  // namespace audio_ident::catalog
