#include "cli/timeline_report.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>
#include <vector>

#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

/// One thing that was heard, in all recordings together.
struct Heard {
    std::string artist;
    std::string title;
    std::string track_id;
    std::int64_t times = 0;
    double seconds = 0;
    std::set<std::size_t> recordings;

    void add(std::size_t recording, const timeline::Span& span) {
        ++times;
        seconds += span.end - span.begin;
        recordings.insert(recording);
    }
};

struct Report {
    double seconds = 0;
    std::vector<Heard> tracks, artists, unknowns;
};

template <typename Key>
std::vector<Heard> by_length(const std::map<Key, Heard>& all) {
    std::vector<Heard> sorted;
    for (const auto& [key, heard] : all) sorted.push_back(heard);
    std::ranges::stable_sort(sorted, [](const Heard& a, const Heard& b) { return a.seconds > b.seconds; });
    return sorted;
}

Report report_on(std::span<const library::RecordingTimeline> timelines) {
    Report report;
    std::map<TrackId, Heard> tracks;
    std::map<std::string, Heard> artists;
    std::map<std::uint32_t, Heard> unknowns;
    for (std::size_t i = 0; i < timelines.size(); ++i) {
        report.seconds += timelines[i].seconds;
        for (const auto& named : timelines[i].entries) {
            const auto artist = named.track.artist.value_or("");
            auto& track = tracks[named.track.id];
            track.artist = artist;
            track.title = named.track.title;
            track.track_id = named.track.id.to_string();
            track.add(i, named.entry.heard);
            if (artist.empty()) continue;
            artists[artist].artist = artist;
            artists[artist].add(i, named.entry.heard);
        }
        for (const auto& named : timelines[i].gaps) {
            if (named.gap.times_heard < 2) continue;
            unknowns[named.gap.number].title = library::name_of(named.gap);
            unknowns[named.gap.number].add(i, named.gap.where);
        }
    }
    report.tracks = by_length(tracks);
    report.artists = by_length(artists);
    report.unknowns = by_length(unknowns);
    return report;
}

std::string table(const Report& report) {
    std::string text;
    const auto add = [&](std::string_view heading, const std::vector<Heard>& all) {
        if (all.empty()) return;
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", heading);
        for (const Heard& heard : all) {
            const auto name = heard.artist.empty() || heard.title.empty() ? heard.artist + heard.title
                                                                          : heard.artist + " – " + heard.title;
            text += fmt::format("{:>10}  {:>4}x  {}\n", time_text(heard.seconds), heard.times, one_line(name));
        }
    };
    add("Tracks", report.tracks);
    add("Artists", report.artists);
    add("Not recognised, but heard again", report.unknowns);
    return text.empty() ? "Nothing of the library was heard, and nothing comes again.\n" : text;
}

std::string csv(const Report& report) {
    std::string text = "kind,artist,title,times_heard,seconds,recordings,track_id\r\n";
    const auto add = [&](std::string_view kind, const std::vector<Heard>& all) {
        for (const Heard& heard : all)
            text += fmt::format("{},{},{},{},{:.2f},{},{}\r\n", kind, api::csv_cell(heard.artist),
                                api::csv_cell(heard.title), heard.times, heard.seconds, heard.recordings.size(),
                                heard.track_id);
    };
    add("track", report.tracks);
    add("artist", report.artists);
    add("unknown", report.unknowns);
    return text;
}

boost::json::array words(const std::vector<Heard>& all, std::string_view name) {
    boost::json::array array;
    for (const Heard& heard : all) {
        boost::json::object object;
        if (!heard.track_id.empty()) object["track_id"] = heard.track_id;
        if (name == "title") object["artist"] = heard.artist.empty() ? boost::json::value() : heard.artist.c_str();
        object[name] = name == "artist" ? heard.artist : heard.title;
        object["times_heard"] = heard.times;
        object["seconds"] = std::round(heard.seconds * 100) / 100;
        object["recordings"] = heard.recordings.size();
        array.push_back(std::move(object));
    }
    return array;
}

}  // namespace

std::string timeline_report(std::span<const library::RecordingTimeline> timelines,
                            std::optional<api::TimelineFormat> format) {
    const Report report = report_on(timelines);
    if (format == api::TimelineFormat::csv) return csv(report);
    if (format != api::TimelineFormat::json) return table(report);
    return util::json_text({{"recordings", timelines.size()},
                            {"duration_seconds", std::round(report.seconds * 100) / 100},
                            {"tracks", words(report.tracks, "title")},
                            {"artists", words(report.artists, "artist")},
                            {"unknowns", words(report.unknowns, "name")}}) +
           "\n";
}

}  // namespace audio_ident::cli
