#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "core/result.hpp"

namespace audio_ident::cli {

/// The track with this id, or with this path, as given or as the catalog shows it.
Result<std::optional<catalog::Track>> find_track(library::Library& library, const std::string& name,
                                                 const Deadline& deadline);

/// Says that no track is called that.
void note_no_track(const std::string& name);

}  // namespace audio_ident::cli
