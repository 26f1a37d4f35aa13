#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/track.hpp"

namespace audio_ident::catalog {

/// "2026-02-14T09:05:07.000123Z", always 27 characters: the order of the texts is the order of the times.
std::string timestamp_to_text(Timestamp time);
/// The inverse; nullopt for anything else.
std::optional<Timestamp> timestamp_from_text(std::string_view text);

/// Now, by the system's clock.
Timestamp current_timestamp();

}  // namespace audio_ident::catalog
