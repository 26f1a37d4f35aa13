#pragma once

// Includes SOCI's headers without the warnings that they cause under this project's flags.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <soci/soci.h>
#pragma GCC diagnostic pop
