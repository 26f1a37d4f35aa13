#pragma once

// Includes SOCI's SQLite back end. It declares SQLite's functions in namespace sqlite_api, so do not include
// <sqlite3.h> beside it.
#include "lib/soci/soci.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/sqlite3/soci-sqlite3.h>
#pragma GCC diagnostic pop
