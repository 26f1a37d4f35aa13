#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace audio_ident::util {

/// Turns a file name, which may have any bytes, into the text that the catalog, JSON and the terminal carry:
/// well-formed UTF-8 without NUL. A name that is such text already and does not contain "\x" stays the same.
///
/// Each byte outside a well-formed UTF-8 sequence, each NUL, and each backslash before an 'x' becomes "\xHH" with two
/// upper-case hexadecimal digits.
std::string path_to_text(std::string_view path);

/// Turns the text back into the name; nullopt for text that path_to_text() never returns.
std::optional<std::string> path_from_text(std::string_view text);

/// A message about a file, for somebody who knows the file by another name: a `path` at its begin becomes `name`.
std::string renamed_in(std::string message, std::string_view path, std::string_view name);

}  // namespace audio_ident::util
