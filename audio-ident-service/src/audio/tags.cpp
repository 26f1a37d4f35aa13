#include "audio/tags.hpp"

#include <algorithm>
#include <vector>

#include "util/utf8.hpp"

namespace audio_ident::audio {

namespace {

std::string latin1_to_utf8(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | byte >> 6);
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t leading_digits(std::string_view text) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

bool is_track_number(std::string_view text) {
    return !text.empty() && text.size() <= 3 && leading_digits(text) == text.size();
}

/// Removes an extension such as ".mp3". "Mr. Right" has none.
std::string_view without_extension(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return name;
    const std::string_view extension = name.substr(dot + 1);
    const bool is_word = std::all_of(extension.begin(), extension.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return is_word && !extension.empty() && extension.size() <= 5 ? name.substr(0, dot) : name;
}

/// Removes "03 ", "03. ", "03) ", "03_" or "1-03 " at the start.
std::string_view without_track_number(std::string_view name) {
    std::size_t digits = leading_digits(name);
    if (digits == 0 || digits > 3) return name;
    std::string_view rest = name.substr(digits);
    bool is_marked = name[0] == '0';
    if (rest.size() > 2 && rest[0] == '-' && leading_digits(rest.substr(1)) == 2) {  // disc-track
        rest.remove_prefix(3);
        is_marked = true;
    }
    if (!rest.empty() && (rest[0] == '.' || rest[0] == ')')) {
        rest.remove_prefix(1);
        is_marked = true;
    }
    const std::string_view title = util::trim_space(rest);
    const bool is_separated = title.size() < rest.size() || rest.size() + digits < name.size();
    return is_marked && is_separated && !title.empty() ? title : name;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        const std::string_view part = util::trim_space(text.substr(0, at));
        if (!part.empty()) parts.push_back(part);
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + separator.size());
    }
}

std::string join(const std::vector<std::string_view>& parts, std::size_t from) {
    std::string text(parts[from]);
    for (std::size_t i = from + 1; i < parts.size(); ++i) text += " - " + std::string(parts[i]);
    return text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

}  // namespace

std::optional<std::string> clean_tag(std::string_view text) {
    const std::string utf8 = util::is_utf8(text) ? std::string(text) : latin1_to_utf8(text);
    std::string clean;
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t length = util::utf8_sequence_length(std::string_view(utf8).substr(i));
        const auto byte = static_cast<unsigned char>(utf8[i]);
        const bool is_c1 = byte == 0xC2 && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
        if (byte == '\n' || byte == '\r' || byte == '\t') clean += ' ';
        else if (byte >= 0x20 && byte != 0x7F && !is_c1) clean.append(utf8, i, length);
        i += length;
    }
    const std::string_view trimmed = util::first_code_points(util::trim_space(clean), kMaxTagCharacters);
    if (trimmed.empty()) return std::nullopt;
    return std::string(util::trim_space(trimmed));
}

Tags tags_from_file_name(const std::filesystem::path& path) {
    const std::string file_name = path.filename().native();
    std::string name = clean_tag(without_extension(file_name)).value_or("");
    if (std::ranges::find(name, ' ') == name.end()) std::replace(name.begin(), name.end(), '_', ' ');
    replace_all(name, " \u2013 ", " - ");
    replace_all(name, " \u2014 ", " - ");

    std::vector<std::string_view> parts = split(name, " - ");
    Tags tags;
    // The parts before the track number are artist and album. The number itself is dropped.
    const auto number = std::find_if(parts.begin(), parts.end(), is_track_number);
    if (number != parts.end() && number + 1 != parts.end()) {
        const auto before = static_cast<std::size_t>(number - parts.begin());
        if (before >= 1) tags.artist = parts[0];
        if (before >= 2) tags.album = parts[1];
        parts.erase(parts.begin(), number + 1);
    } else if (!parts.empty()) {
        parts[0] = without_track_number(parts[0]);
    }
    std::size_t first = 0;
    if (!tags.artist && parts.size() >= 2) {
        tags.artist = parts[0];
        first = 1;
    }
    if (!parts.empty()) tags.title = join(parts, first);
    else tags.title = clean_tag(file_name).value_or("untitled");
    return tags;
}

}  // namespace audio_ident::audio
