#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalog/track.hpp"

namespace audio_ident::cli {

/// "3:07.4"; "-0:01.2" before the beginning; "1:02:05.5" from one hour on.
std::string time_text(double seconds);
/// Reads the output of time_text(), or seconds alone: "80", "1:20", "1:02:05.5". nullopt for anything else.
std::optional<double> seconds_of(std::string_view text);
/// "1 h 02 min", "3 min 05 s", "12 s".
std::string duration_text(double seconds);
/// "2026-11-28 09:30:15", of a time as the API writes it.
std::string moment_text(std::string_view iso);
/// "Artist – Title", or only the title, on one line.
std::string name_text(const catalog::Track& track);
/// "certain (99 %)", "likely (80 %)", "possible (55 %)", "weak (20 %)".
std::string confidence_text(double confidence);
/// "jazz 0.71, instrumental 0.64": the first `most` tags.
std::string tags_text(std::span<const catalog::TagWeight> tags, std::size_t most);
/// The text on one line of a terminal: control characters become "\n", "\x1B".
std::string one_line(std::string_view text);
/// "FILE: cause" on one line. Does not repeat the file's name when the message contains it already.
std::string file_error_text(std::string_view file, std::string_view message);
/// "1 track", "2 tracks".
std::string count_text(std::int64_t count, std::string_view singular, std::string_view plural = {});
/// "512 B", "3.4 MB".
std::string size_text(std::uint64_t bytes);

}  // namespace audio_ident::cli
