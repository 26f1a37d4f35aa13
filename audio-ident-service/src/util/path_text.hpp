#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace audio_ident::util {

/// The text form of a file name of any bytes, as the catalog, JSON and the terminal carry it: always well-formed UTF-8
/// without NUL, and the same as the name when the name is that already and does not contain "\x".
///
/// Each byte that is no part of a well-formed UTF-8 sequence, each NUL, and each backslash that an 'x' follows becomes
/// "\xHH" with two upper-case hexadecimal digits.
std::string path_to_text(std::string_view path);

/// The exact inverse; nullopt for text that path_to_text() never returns.
std::optional<std::string> path_from_text(std::string_view text);

}  // namespace audio_ident::util
