#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace audio_ident::http {

enum class Plus { plain, space };  ///< what a '+' stands for: itself in a path, a space in a form

/// "a%20b" as "a b". nullopt when a '%' is not followed by two hexadecimal digits, or the result is not UTF-8 or holds
/// a NUL.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

/// The fields of "a=1&b=2", in order, as application/x-www-form-urlencoded; empty pieces are skipped, and a piece
/// without '=' is a name with an empty value. nullopt where percent_decode() is, or beyond 100 fields.
std::optional<Fields> parse_query(std::string_view text);

}  // namespace audio_ident::http
