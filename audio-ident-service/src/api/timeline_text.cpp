#include "api/timeline_text.hpp"

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <vector>

#include "api/timeline_types.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"
#include "util/url.hpp"

namespace audio_ident::api {
namespace {

using library::NamedEntry;
using library::RecordingTimeline;

std::string_view kind_name(timeline::GapKind kind) {
    return kind == timeline::GapKind::silence ? "silence" : "unknown";
}

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

std::string in_one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, is_control, ' ');
    return line;
}

std::string name_of(const catalog::Track& track) {
    return in_one_line(track.artist ? *track.artist + " - " + track.title : track.title);
}

/// "unknown 3", "unknown", "silence"
std::string name_of(const library::NamedGap& named) {
    const auto name = library::name_of(named.gap);
    return name.empty() ? std::string(kind_name(named.gap.kind)) : name;
}

/// "heard 4 times, sounds like Artist - Title"; empty when there is nothing to say.
std::string remark_on(const library::NamedGap& named) {
    std::string remark;
    if (named.gap.times_heard > 1) remark = fmt::format("heard {} times", named.gap.times_heard);
    if (named.sounds_like.empty()) return remark;
    return remark + (remark.empty() ? "" : ", ") + "sounds like " + name_of(named.sounds_like.front().track);
}

/// Entries and gaps, by time.
struct Row {
    double begin = 0;
    double end = 0;
    const NamedEntry* entry = nullptr;  ///< none: a gap
    const library::NamedGap* gap = nullptr;
};

std::vector<Row> rows_of(const RecordingTimeline& timeline) {
    std::vector<Row> rows;
    for (const NamedEntry& one : timeline.entries) rows.push_back({one.entry.heard.begin, one.entry.heard.end, &one});
    for (const library::NamedGap& one : timeline.gaps)
        rows.push_back({one.gap.where.begin, one.gap.where.end, nullptr, &one});
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.begin < b.begin; });
    return rows;
}

std::string json(const RecordingTimeline& timeline, std::string_view recording) {
    boost::json::object line{{"file", recording}};
    const auto words_of_timeline = boost::json::value_from(wire::timeline(timeline));
    for (const auto& member : words_of_timeline.as_object()) line.insert(member);
    auto entry = timeline.entries.begin();
    for (auto& words : line["entries"].as_array())
        words.as_object()["track"].as_object()["file_path"] = (entry++)->track.file_path;
    return util::json_text(line) + "\n";
}

/// From the third cell on.
std::string gap_cells(const library::NamedGap& named) {
    std::string alike;
    for (const auto& match : named.sounds_like)
        alike += fmt::format("{}{} ({:.2f})", alike.empty() ? "" : "; ", name_of(match.track), match.sound.similarity);
    const auto times = named.gap.times_heard == 0 ? std::string() : std::to_string(named.gap.times_heard);
    return fmt::format("{},,,,,,,,,,,,,{},{},{}\r\n", kind_name(named.gap.kind), library::name_of(named.gap), times,
                       csv_cell(alike));
}

std::string csv(const RecordingTimeline& timeline) {
    std::string text =
        "start,end,kind,artist,title,album,confidence,track_start,track_end,time_ratio_start,time_ratio_end,"
        "pitch_ratio_start,pitch_ratio_end,track_id,file,name,times_heard,sounds_like\r\n";
    for (const Row& row : rows_of(timeline)) {
        text += fmt::format("{:.2f},{:.2f},", row.begin, row.end);
        if (!row.entry) {
            text += gap_cells(*row.gap);
            continue;
        }
        const auto& entry = row.entry->entry;
        const auto& track = row.entry->track;
        text +=
            fmt::format("track,{},{},{},{:.4f},{:.2f},{:.2f},{:.4f},{:.4f},{:.4f},{:.4f},{},{},,,\r\n",
                        csv_cell(track.artist.value_or("")), csv_cell(track.title), csv_cell(track.album.value_or("")),
                        entry.confidence, entry.first.place_seconds, entry.last.place_seconds, entry.first.time_ratio,
                        entry.last.time_ratio, entry.first.pitch_ratio, entry.last.pitch_ratio, track.id.to_string(),
                        csv_cell(track.file_path));
    }
    return text;
}

/// A cue sheet has no way to write a quotation mark.
std::string cue_text(std::string_view text) {
    std::string quoted = in_one_line(text);
    std::replace(quoted.begin(), quoted.end(), '"', '\'');
    return '"' + quoted + '"';
}

std::string cue_time(double seconds) {
    const auto frames = static_cast<long long>(std::floor(seconds * 75 + 1e-6));
    return fmt::format("{:02}:{:02}:{:02}", frames / 75 / 60, frames / 75 % 60, frames % 75);
}

std::string_view cue_file_type(std::string_view recording) {
    const auto has_end = [&](std::string_view end) {
        return recording.size() >= end.size() &&
               std::equal(end.begin(), end.end(), recording.end() - static_cast<std::ptrdiff_t>(end.size()),
                          [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
    };
    return has_end(".mp3") ? "MP3" : "WAVE";
}

std::string cue(const RecordingTimeline& timeline, std::string_view recording) {
    constexpr double kLeastGap = 4;  // shorter ones belong to the track before
    constexpr int kMostTracks = 99;
    std::string text = fmt::format("FILE {} {}\n", cue_text(recording), cue_file_type(recording));
    int number = 0;
    int left_out = 0;
    std::string last_time;
    for (const Row& row : rows_of(timeline)) {
        if (!row.entry && number > 0 && row.end - row.begin < kLeastGap) continue;
        const auto time = number == 0 ? cue_time(0) : cue_time(row.begin);
        if (time == last_time) continue;  // two tracks cannot begin in one frame
        if (number == kMostTracks) {
            ++left_out;
            continue;
        }
        last_time = time;
        text += fmt::format("  TRACK {:02} AUDIO\n", ++number);
        if (row.entry) {
            text += fmt::format("    TITLE {}\n", cue_text(row.entry->track.title));
            if (row.entry->track.artist) text += fmt::format("    PERFORMER {}\n", cue_text(*row.entry->track.artist));
        } else {
            text += fmt::format("    TITLE {}\n", cue_text(name_of(*row.gap)));
            if (const auto remark = remark_on(*row.gap); !remark.empty())
                text += fmt::format("    REM COMMENT {}\n", cue_text(remark));
        }
        text += fmt::format("    INDEX 01 {}\n", time);
    }
    if (left_out > 0) text += fmt::format("REM {} later tracks do not fit: a cue sheet has 99 at most\n", left_out);
    return text;
}

/// The file as a line of a playlist: its path, or its address where the path cannot be written in a line of UTF-8.
std::string playlist_line(const std::string& path_text) {
    std::string path = util::path_from_text(path_text).value_or(path_text);
    if (path == path_text && std::ranges::none_of(path, is_control)) return path;
    return "file://" + util::percent_encoded(path, "/");
}

std::string m3u8(const RecordingTimeline& timeline) {
    std::string text = "#EXTM3U\n";
    for (const NamedEntry& one : timeline.entries)
        text += fmt::format("#EXTINF:{},{}\n{}\n", std::llround(one.track.duration_seconds), name_of(one.track),
                            playlist_line(one.track.file_path));
    return text;
}

std::string audacity(const RecordingTimeline& timeline) {
    std::string text;
    for (const Row& row : rows_of(timeline)) {
        std::string label = row.entry ? name_of(row.entry->track) : name_of(*row.gap);
        if (const auto remark = row.gap ? remark_on(*row.gap) : std::string(); !remark.empty()) label += ", " + remark;
        text += fmt::format("{:.6f}\t{:.6f}\t{}\n", row.begin, row.end, label);
    }
    return text;
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string cell(text);
    if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) cell.insert(0, "'");
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::optional<TimelineFormat> timeline_format(std::string_view name) {
    TimelineFormat format{};
    if (!boost::describe::enum_from_string(std::string(name).c_str(), format)) return std::nullopt;
    return format;
}

std::string_view timeline_extension(TimelineFormat format) {
    return format == TimelineFormat::audacity ? "txt" : boost::describe::enum_to_string(format, "");
}

std::string_view timeline_content_type(TimelineFormat format) {
    switch (format) {
        case TimelineFormat::json: return "application/json";
        case TimelineFormat::csv: return "text/csv; charset=utf-8";
        case TimelineFormat::cue: return "application/x-cue; charset=utf-8";
        case TimelineFormat::m3u8: return "application/vnd.apple.mpegurl; charset=utf-8";
        case TimelineFormat::audacity: break;
    }
    return "text/plain; charset=utf-8";
}

std::string timeline_text(const RecordingTimeline& timeline, std::string_view recording, TimelineFormat format) {
    switch (format) {
        case TimelineFormat::json: return json(timeline, recording);
        case TimelineFormat::csv: return csv(timeline);
        case TimelineFormat::cue: return cue(timeline, recording);
        case TimelineFormat::m3u8: return m3u8(timeline);
        case TimelineFormat::audacity: break;
    }
    return audacity(timeline);
}

}  // namespace audio_ident::api
