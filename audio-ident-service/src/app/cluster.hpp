#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "library/backends.hpp"
#include "library/cluster.hpp"

namespace audio_ident::app {

/// What a service tells about itself in its row, as JSON.
std::string about_service(const config::Settings& settings, const std::string& url, library::IndexStore* index,
                          const Deadline& deadline);

/// The services and the stores of a library on servers; nullopt when the catalog is embedded. Fails with not_available
/// when PostgreSQL does not answer, unsupported when its schema is too old.
Result<std::optional<library::Cluster>> look_at_library(const config::Settings& settings, const Deadline& deadline);

}  // namespace audio_ident::app
