#include "http/query.hpp"

#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

constexpr std::size_t kMaxFields = 100;

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i] == '+' && plus == Plus::space ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = digit_of(text[i + 1]);
        const int low = digit_of(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (decoded.find('\0') != std::string::npos || !util::is_utf8(decoded)) return std::nullopt;
    return decoded;
}

std::optional<Fields> parse_query(std::string_view text) {
    Fields fields;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto piece = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (piece.empty()) continue;
        const auto equals = piece.find('=');
        auto name = percent_decode(piece.substr(0, equals), Plus::space);
        auto value = percent_decode(equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1),
                                    Plus::space);
        if (!name || !value || fields.size() == kMaxFields) return std::nullopt;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

}  // namespace audio_ident::http
