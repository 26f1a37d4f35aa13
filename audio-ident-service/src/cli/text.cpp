#include "cli/text.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace audio_ident::cli {

std::string time_text(double seconds) {
    const auto tenths = static_cast<long long>(std::llround(std::abs(seconds) * 10));
    const char* sign = seconds < 0 && tenths > 0 ? "-" : "";
    const auto whole = tenths / 10;
    if (whole >= 3600) {
        return fmt::format("{}{}:{:02}:{:02}.{}", sign, whole / 3600, whole / 60 % 60, whole % 60, tenths % 10);
    }
    return fmt::format("{}{}:{:02}.{}", sign, whole / 60, whole % 60, tenths % 10);
}

std::optional<double> seconds_of(std::string_view text) {
    double seconds = 0;
    int pieces = 0;
    for (bool last = false; !last; ++pieces) {
        const auto colon = text.find(':');
        last = colon == std::string_view::npos;
        const auto piece = text.substr(0, colon);
        double value = 0;
        const auto [end, error] =
            std::from_chars(piece.data(), piece.data() + piece.size(), value, std::chars_format::fixed);
        const bool whole = last || piece.find('.') == std::string_view::npos;
        const bool in_place = pieces == 0 || value < 60;
        if (error != std::errc() || end != piece.data() + piece.size() || !(value >= 0 && std::isfinite(value)) ||
            !whole || !in_place || pieces == 3)
            return std::nullopt;
        seconds = seconds * 60 + value;
        if (!last) text.remove_prefix(colon + 1);
    }
    return seconds;
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
    if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} s", whole);
}

std::string moment_text(std::string_view iso) {
    return fmt::format("{} {}", iso.substr(0, 10), iso.substr(11, 8));
}

std::string name_text(const catalog::Track& track) {
    return one_line(track.artist ? *track.artist + " – " + track.title : track.title);
}

std::string confidence_text(double confidence) {
    constexpr double kSteps = 1e4;  // the rounding of the API, so that both show the same
    const double shown = std::round(confidence * kSteps) / kSteps;
    const char* word = shown >= 0.95 ? "certain" : shown >= 0.75 ? "likely" : shown >= 0.5 ? "possible" : "weak";
    return fmt::format("{} ({:.0f} %)", word, std::floor(shown * 100));
}

std::string tags_text(std::span<const catalog::TagWeight> tags, std::size_t most) {
    std::string text;
    for (const auto& tag : tags.first(std::min(most, tags.size())))
        text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", tag.name, tag.probability);
    return text;
}

std::string one_line(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') shown += "\\n";
        else if (c == '\t') shown += "\\t";
        else if (byte < 0x20 || byte == 0x7F) shown += fmt::format("\\x{:02X}", byte);
        else shown += c;
    }
    return shown;
}

std::string file_error_text(std::string_view file, std::string_view message) {
    std::string name = one_line(file);
    std::string cause = one_line(message);
    return cause.starts_with(name + ": ") ? cause : name + ": " + cause;
}

std::string count_text(std::int64_t count, std::string_view singular, std::string_view plural) {
    if (count == 1) return fmt::format("1 {}", singular);
    return plural.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural);
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* larger : {"kB", "MB", "GB", "TB"}) {
        if (value < 999.95) break;
        value /= 1000;
        unit = larger;
    }
    return fmt::format("{:.1f} {}", value, unit);
}

}  // namespace audio_ident::cli
