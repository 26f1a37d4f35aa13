#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace audio_ident::util {

/// Returns the length in bytes of the well-formed UTF-8 sequence at the start of `text` (RFC 3629: no overlong forms,
/// no surrogates, at most U+10FFFF); 0 when there is none, and for empty text.
std::size_t utf8_sequence_length(std::string_view text);

bool is_utf8(std::string_view text);

/// Counts code points; a byte that begins no well-formed sequence counts as one.
std::size_t code_point_count(std::string_view text);

/// Returns the longest prefix with at most `count` code points; never cuts a sequence in two.
std::string_view first_code_points(std::string_view text, std::size_t count);

/// Turns any bytes into well-formed UTF-8 without NUL: each NUL, and each byte that begins no well-formed sequence,
/// becomes U+FFFD.
std::string sanitise_utf8(std::string_view text);

/// Removes white space (Unicode's White_Space, and U+FEFF) from both ends.
std::string_view trim_space(std::string_view text);

}  // namespace audio_ident::util
