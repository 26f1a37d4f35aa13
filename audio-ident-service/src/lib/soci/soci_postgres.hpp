#pragma once

// SOCI's PostgreSQL back end and the libpq under it.
#include "lib/soci/soci.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/postgresql/soci-postgresql.h>
#pragma GCC diagnostic pop
