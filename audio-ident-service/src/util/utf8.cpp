#include "util/utf8.hpp"

#include <algorithm>
#include <array>

namespace audio_ident::util {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
    return static_cast<unsigned char>(text[i]);
}

std::size_t step(std::string_view text) {
    return std::max<std::size_t>(1, utf8_sequence_length(text));
}

constexpr std::array<std::string_view, 26> kSpaces = {
    "\t",     "\n",     "\v",     "\f",     "\r",     " ",      "\u0085", "\u00A0", "\u1680",
    "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
    "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF",
};

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
    if (text.empty()) return 0;
    const unsigned char lead = byte_at(text, 0);
    if (lead < 0x80) return 1;

    // Unicode 15, table 3-7: the second byte's range depends on the first.
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    } else {
        return 0;
    }
    if (text.size() < length || byte_at(text, 1) < low || byte_at(text, 1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
    }
    return length;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t code_point_count(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); text.remove_prefix(step(text))) ++count;
    return count;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::string_view rest = text;
    for (; count > 0 && !rest.empty(); --count) rest.remove_prefix(step(rest));
    return text.substr(0, text.size() - rest.size());
}

std::string sanitise_utf8(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (length == 0 || text.front() == '\0') {
            clean += "\uFFFD";
        } else {
            clean += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return clean;
}

std::string_view trim_space(std::string_view text) {
    const auto leading = [&](std::string_view space) { return text.starts_with(space); };
    const auto trailing = [&](std::string_view space) { return text.ends_with(space); };
    for (auto found = kSpaces.begin(); (found = std::ranges::find_if(kSpaces, leading)) != kSpaces.end();) {
        text.remove_prefix(found->size());
    }
    for (auto found = kSpaces.begin(); (found = std::ranges::find_if(kSpaces, trailing)) != kSpaces.end();) {
        text.remove_suffix(found->size());
    }
    return text;
}

}  // namespace audio_ident::util
