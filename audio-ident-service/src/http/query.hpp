#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace audio_ident::http {

enum class Plus { plain, space };  ///< the meaning of '+': itself in a path, a space in a form

/// Turns "a%20b" into "a b". nullopt when a '%' is not followed by two hexadecimal digits, or when the result is not
/// UTF-8 or contains a NUL.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

/// The fields of "a=1&b=2" in their order, read as application/x-www-form-urlencoded. Empty pieces are skipped; a piece
/// without '=' is a name with an empty value. nullopt when percent_decode() fails or there are more than 100 fields.
std::optional<Fields> parse_query(std::string_view text);

}  // namespace audio_ident::http
