#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace audio_ident::icu {

/// Decodes `bytes` from the encoding that ICU knows as `encoding` ("windows-1251", "GBK"). Returns nullopt when the
/// bytes are not valid in it, or ICU has no such encoding. Thread-safe.
std::optional<std::u16string> decode_text(std::string_view bytes, const char* encoding);

/// Unpaired surrogates become U+FFFD.
std::string to_utf8(std::u16string_view text);

char16_t to_lower(char16_t c);
bool is_letter(char16_t c);

}  // namespace audio_ident::icu
