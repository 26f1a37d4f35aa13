#include "util/url.hpp"

#include <fmt/format.h>

namespace audio_ident::util {
namespace {

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

}  // namespace

std::string_view url_scheme(std::string_view url) {
    const auto end = url.find("://");
    return end == std::string_view::npos ? std::string_view() : url.substr(0, end);
}

std::string mask_url(std::string_view url) {
    std::string masked(url);
    const std::string_view scheme = url_scheme(url);
    if (scheme.empty() || scheme == "sqlite") return masked;  // a path, no credentials

    const auto start = scheme.size() + 3;
    // The last at sign, wherever it is: better to hide a part of a path than to show a part of a password.
    const auto at = masked.rfind('@');
    const auto colon = masked.find(':', start);
    if (at != std::string::npos && colon < at) masked.replace(colon + 1, at - colon - 1, "***");

    static constexpr std::string_view kParameter = "password=";
    for (auto found = masked.find(kParameter, start); found != std::string::npos;
         found = masked.find(kParameter, found)) {
        found += kParameter.size();
        const auto end = masked.find_first_of("&#", found);
        masked.replace(found, end == std::string::npos ? end : end - found, "***");
    }
    return masked;
}

std::string percent_encoded(std::string_view text, std::string_view keep) {
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c) || keep.find(c) != std::string_view::npos) encoded += c;
        else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

}  // namespace audio_ident::util
