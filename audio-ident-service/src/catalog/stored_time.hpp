#pragma once

#include <optional>
#include <string>

#include "catalog/timestamp_text.hpp"
#include "lib/soci/query.hpp"

namespace audio_ident::catalog {

/// The time that a column has. Throws BadStoredValue when it is none.
Timestamp stored_time(const std::string& text);
/// The same of a column that may be empty.
std::optional<Timestamp> stored_time(const lib::Nullable<std::string>& column);

/// What a column that may be empty gets.
inline std::optional<std::string> time_text(const std::optional<Timestamp>& time) {
    return time ? std::optional(timestamp_to_text(*time)) : std::nullopt;
}

}  // namespace audio_ident::catalog
