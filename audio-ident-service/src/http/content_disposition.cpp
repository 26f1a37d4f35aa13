#include "http/content_disposition.hpp"

#include <fmt/format.h>

namespace audio_ident::http {

std::string attachment(std::string_view name) {
    static constexpr std::string_view kPlain = "!#$&+-.^_`|~";
    std::string simple;
    std::string encoded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        simple += byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '/' && c != '%' ? c : '_';
        encoded +=
            is_word || kPlain.find(c) != std::string_view::npos ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return "attachment; filename=\"" + simple + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace audio_ident::http
