#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace audio_ident::util {

/// Bytes of the well-formed UTF-8 sequence that `text` begins with (RFC 3629: no overlong forms, no surrogates, at most
/// U+10FFFF); 0 when there is none, also for empty text.
std::size_t utf8_sequence_length(std::string_view text);

bool is_utf8(std::string_view text);

/// A byte that begins no well-formed sequence counts as one.
std::size_t code_point_count(std::string_view text);

/// The longest prefix of at most `count` code points; never cuts a sequence in two.
std::string_view first_code_points(std::string_view text, std::size_t count);

/// Well-formed UTF-8 without NUL, from any bytes: each byte that begins no well-formed sequence, and each NUL, becomes
/// U+FFFD.
std::string sanitise_utf8(std::string_view text);

/// Without white space (Unicode's White_Space, and U+FEFF) at both ends.
std::string_view trim_space(std::string_view text);

}  // namespace audio_ident::util
