#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/track.hpp"

namespace audio_ident::catalog {

/// Formats a time as "2026-02-14T09:05:07.000123Z". The text always has 27 characters and sorts like the time.
std::string timestamp_to_text(Timestamp time);
/// Parses that format; nullopt for anything else.
std::optional<Timestamp> timestamp_from_text(std::string_view text);

/// The current time by the system's clock.
Timestamp current_timestamp();

}  // namespace audio_ident::catalog
