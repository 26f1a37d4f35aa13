#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "library/timelines.hpp"

// A timeline in the formats of other programs. Used by `audio-ident timeline --format` and by exports over HTTP.

namespace audio_ident::api {

enum class TimelineFormat { json, csv, cue, m3u8, audacity };
BOOST_DESCRIBE_ENUM(TimelineFormat, json, csv, cue, m3u8, audacity)

/// nullopt for a name that no format has.
std::optional<TimelineFormat> timeline_format(std::string_view name);
/// "json", "csv", "cue", "m3u8", "txt"
std::string_view timeline_extension(TimelineFormat format);
std::string_view timeline_content_type(TimelineFormat format);

/// The whole file, UTF-8, with a line feed at its end. `recording`: its file's name, as text.
/// - json: one object, as the contract describes it, with `file`.
/// - csv: RFC 4180 with a header; a row for each entry and gap, by time. Columns are only ever added at the end.
/// - cue: one TRACK for each entry, in frames of 1/75 s; where two entries overlap, the later one begins its own. A
///   stretch without a known track of some length gets a TRACK with its name ("unknown 3", else "unknown"), so that it
///   does not count as the one before, and a REM COMMENT with what is known about it.
///   A sheet has 99 tracks at most: what comes later goes into a REM line that says so.
/// - m3u8: the tracks' own files, in the order of the recording; as file:// where a path is not UTF-8 or has control
///   characters.
/// - audacity: labels "begin TAB end TAB text", entries and gaps, for File > Import > Labels.
std::string timeline_text(const library::RecordingTimeline& timeline, std::string_view recording,
                          TimelineFormat format);

/// A cell of a CSV file (RFC 4180). A spreadsheet takes a cell that begins with = + - @ for a formula, so that one gets
/// an apostrophe.
std::string csv_cell(std::string_view text);

}  // namespace audio_ident::api
