#pragma once

#include <vector>

#include "cli/finding.hpp"
#include "library/cluster.hpp"

namespace audio_ident::cli {

/// What `doctor --cluster` finds: a line for each service and each store.
std::vector<Finding> findings_of(const library::Cluster& cluster);

}  // namespace audio_ident::cli
