#pragma once

#include <string>
#include <string_view>

namespace audio_ident::util {

/// Returns the part before "://" as it is written; empty when there is none.
std::string_view url_scheme(std::string_view url);

/// Returns the URL for logs and messages: "postgresql://user:***@host/db". Hides the password, even if it contains
/// unescaped slashes or at signs, and a `password=` among the query's parameters.
std::string mask_url(std::string_view url);

/// Returns the text as it stands in a URL (RFC 3986): every byte but letters, digits and "-._~" becomes %XX. `keep`:
/// further bytes that stay, such as '/'.
std::string percent_encoded(std::string_view text, std::string_view keep = {});

}  // namespace audio_ident::util
