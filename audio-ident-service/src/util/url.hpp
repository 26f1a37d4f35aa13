#pragma once

#include <string>
#include <string_view>

namespace audio_ident::util {

/// The part before "://", lower-case as written; empty when there is none.
std::string_view url_scheme(std::string_view url);

/// The URL fit for logs and messages: "postgresql://user:***@host/db". Hides the password, also one with unescaped
/// slashes or at signs in it, and a `password=` among the query's parameters.
std::string mask_url(std::string_view url);

}  // namespace audio_ident::util
