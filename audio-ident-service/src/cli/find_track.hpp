#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "core/result.hpp"

namespace audio_ident::cli {

/// The track with this id or this path. The path may be written as given or as the catalog shows it.
Result<std::optional<catalog::Track>> find_track(library::Library& library, const std::string& name,
                                                 const Deadline& deadline);

/// The error that says that no track has this id or path.
void note_no_track(const std::string& name);

}  // namespace audio_ident::cli
