#include "lib/curl/s3_text.hpp"

#include <charconv>
#include <fmt/format.h>

namespace audio_ident::curl {

namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

template <typename Number>
std::optional<Number> number_of(std::string_view text, int base = 10) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

void add_utf8(std::string& text, std::uint32_t code) {
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0 | code >> 6);
        add(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        add(0xE0 | code >> 12);
        add(0x80 | (code >> 6 & 0x3F));
        add(0x80 | (code & 0x3F));
    } else {
        add(0xF0 | code >> 18);
        add(0x80 | (code >> 12 & 0x3F));
        add(0x80 | (code >> 6 & 0x3F));
        add(0x80 | (code & 0x3F));
    }
}

/// What "&NAME;" stands for; false: nothing.
bool add_reference(std::string& text, std::string_view name) {
    constexpr std::uint32_t kLast = 0x10FFFF;
    if (name == "amp") text += '&';
    else if (name == "lt") text += '<';
    else if (name == "gt") text += '>';
    else if (name == "quot") text += '"';
    else if (name == "apos") text += '\'';
    else if (name.starts_with('#')) {
        const bool is_hex = name.starts_with("#x");
        const auto code = number_of<std::uint32_t>(name.substr(is_hex ? 2 : 1), is_hex ? 16 : 10);
        if (!code || *code > kLast) return false;
        add_utf8(text, *code);
    } else {
        return false;
    }
    return true;
}

std::string without_references(std::string_view xml) {
    std::string text;
    while (!xml.empty()) {
        const auto end = xml.front() == '&' ? xml.find(';') : std::string_view::npos;
        if (end != std::string_view::npos && add_reference(text, xml.substr(1, end - 1))) {
            xml.remove_prefix(end + 1);
        } else {
            text += xml.front();
            xml.remove_prefix(1);
        }
    }
    return text;
}

}  // namespace

std::vector<std::string> s3_elements(std::string_view xml, std::string_view tag) {
    const auto open = fmt::format("<{}>", tag);
    const auto close = fmt::format("</{}>", tag);
    std::vector<std::string> texts;
    while (true) {
        const auto begin = xml.find(open);
        if (begin == std::string_view::npos) return texts;
        xml.remove_prefix(begin + open.size());
        const auto end = xml.find(close);
        if (end == std::string_view::npos) return texts;
        texts.push_back(without_references(xml.substr(0, end)));
        xml.remove_prefix(end + close.size());
    }
}

std::optional<std::int64_t> s3_time(std::string_view text) {
    const auto point = text.find('.');
    const auto seconds = number_of<std::int64_t>(text.substr(0, point));
    constexpr std::int64_t kMost = INT64_MAX / kNanoseconds - 1;
    if (!seconds || *seconds < 0 || *seconds > kMost) return std::nullopt;
    if (point == std::string_view::npos) return *seconds * kNanoseconds;
    std::string decimals(text.substr(point + 1));
    if (decimals.empty() || decimals.size() > 9) return std::nullopt;
    decimals.resize(9, '0');
    const auto rest = number_of<std::uint32_t>(decimals);
    if (!rest) return std::nullopt;
    return *seconds * kNanoseconds + *rest;
}

std::string s3_time_text(std::int64_t nanoseconds) {
    const auto time = nanoseconds < 0 ? 0 : nanoseconds;
    return fmt::format("{}.{:09}", time / kNanoseconds, time % kNanoseconds);
}

}  // namespace audio_ident::curl
