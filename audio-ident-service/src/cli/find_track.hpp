#pragma once

#include <optional>
#include <string>

#include "catalog/catalog.hpp"
#include "cli/command.hpp"
#include "core/result.hpp"

namespace audio_ident::cli {

/// The catalog. Fails with not_available when there is no library yet.
Result<catalog::Catalog*> open_catalog(Invocation& invocation);

/// The track with this id, or with this path, as given or as the catalog shows it.
Result<std::optional<catalog::Track>> find_track(catalog::Catalog& catalog, const std::string& name,
                                                 const Deadline& deadline);

}  // namespace audio_ident::cli
