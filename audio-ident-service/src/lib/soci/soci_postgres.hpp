#pragma once

// Includes SOCI's PostgreSQL back end and libpq.
#include "lib/soci/soci.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/postgresql/soci-postgresql.h>
#pragma GCC diagnostic pop
