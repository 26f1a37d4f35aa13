#include "util/path_text.hpp"

#include "util/utf8.hpp"

namespace audio_ident::util {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

void append_escaped(std::string& text, char c) {
    const auto byte = static_cast<unsigned char>(c);
    text += "\\x";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
}

}  // namespace

std::string path_to_text(std::string_view path) {
    std::string text;
    text.reserve(path.size());
    while (!path.empty()) {
        const std::size_t length = utf8_sequence_length(path);
        if (length == 0 || path.front() == '\0' || path.starts_with("\\x")) {
            append_escaped(text, path.front());
            path.remove_prefix(1);
        } else {
            text += path.substr(0, length);
            path.remove_prefix(length);
        }
    }
    return text;
}

std::optional<std::string> path_from_text(std::string_view text) {
    std::string path;
    path.reserve(text.size());
    std::string_view rest = text;
    while (!rest.empty()) {
        if (!rest.starts_with("\\x")) {
            path += rest.front();
            rest.remove_prefix(1);
            continue;
        }
        if (rest.size() < 4) return std::nullopt;
        const std::size_t high = kDigits.find(rest[2]);
        const std::size_t low = kDigits.find(rest[3]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        path += static_cast<char>(high << 4 | low);
        rest.remove_prefix(4);
    }
    // Text with an escape that is not needed, or without one that is, never comes from path_to_text().
    if (path_to_text(path) != text) return std::nullopt;
    return path;
}

std::string renamed_in(std::string message, std::string_view path, std::string_view name) {
    if (message.starts_with(path)) message.replace(0, path.size(), name);
    return message;
}

}  // namespace audio_ident::util
