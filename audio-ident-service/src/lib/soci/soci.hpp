#pragma once

// SOCI's headers, with the warnings that they give under this project's flags switched off.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/soci.h>
#pragma GCC diagnostic pop
