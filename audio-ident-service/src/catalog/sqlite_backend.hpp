#pragma once

#include <memory>
#include <string>

#include "catalog/sql_backend.hpp"

namespace audio_ident::catalog {

/// The SQLite file at `path`. Does not open it yet.
std::shared_ptr<SqlBackend> make_sqlite_backend(const std::string& path);

}  // namespace audio_ident::catalog
