#pragma once

#include <string>
#include <string_view>

namespace audio_ident::http {

/// The header Content-Disposition of a download with this name, UTF-8 (RFC 6266 and RFC 8187): browsers save it under
/// that name, and old ones under one with '_' for what they do not read.
std::string attachment(std::string_view name);

}  // namespace audio_ident::http
