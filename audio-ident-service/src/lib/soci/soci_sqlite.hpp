#pragma once

// SOCI's SQLite back end; it declares SQLite's own functions in namespace sqlite_api, so <sqlite3.h> must not be
// included beside it.
#include "lib/soci/soci.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/sqlite3/soci-sqlite3.h>
#pragma GCC diagnostic pop
