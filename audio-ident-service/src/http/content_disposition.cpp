#include "http/content_disposition.hpp"

#include "util/url.hpp"

namespace audio_ident::http {

std::string attachment(std::string_view name) {
    std::string simple;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        simple += byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\' && c != '/' && c != '%' ? c : '_';
    }
    return "attachment; filename=\"" + simple + "\"; filename*=UTF-8''" + util::percent_encoded(name, "!#$&+^`|");
}

}  // namespace audio_ident::http
