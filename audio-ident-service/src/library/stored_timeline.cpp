#include "library/stored_timeline.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <map>
#include <stdexcept>

#include "catalog/timestamp_text.hpp"
#include "util/json.hpp"

namespace audio_ident::library {
namespace {

namespace json = boost::json;

constexpr std::string_view kSilence = "silence";
constexpr std::string_view kUnknown = "unknown";
constexpr std::string_view kAccepted = "accepted";
constexpr std::string_view kRejected = "rejected";

json::array pair_of(const timeline::Span& span) {
    return {span.begin, span.end};
}

json::array played(const timeline::Played& one) {
    return {one.place_seconds, one.time_ratio, one.pitch_ratio};
}

json::value or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

/// The tracks that a timeline names, each once.
class TrackList {
  public:
    std::size_t number_of(const catalog::Track& track) {
        const auto [place, is_new] = numbers_.try_emplace(track.id, words_.size());
        if (is_new) {
            words_.push_back(json::object{{"id", track.id.to_string()},
                                          {"title", track.title},
                                          {"artist", or_null(track.artist)},
                                          {"album", or_null(track.album)},
                                          {"duration_seconds", track.duration_seconds},
                                          {"ingested_at", catalog::timestamp_to_text(track.ingested_at)},
                                          {"file_path", track.file_path}});
        }
        return place->second;
    }
    json::array take() { return std::move(words_); }

  private:
    std::map<TrackId, std::size_t> numbers_;
    json::array words_;
};

json::object entry_words(const NamedEntry& named, TrackList& tracks) {
    const auto& entry = named.entry;
    json::array evidence;
    for (const auto& span : entry.evidence) evidence.push_back(pair_of(span));
    json::array others;
    for (const auto& other : named.others)
        others.push_back(json::object{{"track", tracks.number_of(other.track)},
                                      {"confidence", other.candidate.confidence},
                                      {"place_seconds", other.candidate.place_seconds}});
    json::object words{{"track", tracks.number_of(named.track)},
                       {"heard", pair_of(entry.heard)},
                       {"confidence", entry.confidence},
                       {"aligned", entry.aligned},
                       {"weight", entry.weight},
                       {"window_confidence", entry.window_confidence},
                       {"first", played(entry.first)},
                       {"last", played(entry.last)},
                       {"evidence", std::move(evidence)},
                       {"others", std::move(others)}};
    if (named.verdict) words["verdict"] = *named.verdict == Verdict::accepted ? kAccepted : kRejected;
    return words;
}

json::object gap_words(const NamedGap& named, TrackList& tracks) {
    const auto& gap = named.gap;
    json::object words{{"where", pair_of(gap.where)},
                       {"kind", gap.kind == timeline::GapKind::silence ? kSilence : kUnknown}};
    if (gap.number > 0) {
        words["number"] = gap.number;
        words["times_heard"] = gap.times_heard;
    }
    json::array alike;
    for (const auto& match : named.sounds_like)
        alike.push_back(json::object{{"track", tracks.number_of(match.track)}, {"similarity", match.sound.similarity}});
    if (!alike.empty()) words["sounds_like"] = std::move(alike);
    return words;
}

/// The members of an object; a missing one has a default.
class Members {
  public:
    explicit Members(const json::value& value) : object_(value.as_object()) {}

    double number(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value ? value->to_number<double>() : 0;
    }
    std::int64_t count(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value ? value->to_number<std::int64_t>() : 0;
    }
    std::optional<std::string> text(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        if (!value || value->is_null()) return std::nullopt;
        return json::value_to<std::string>(*value);
    }
    const json::array& list(std::string_view name) const {
        static const json::array kNone;
        const auto* value = object_.if_contains(name);
        return value ? value->as_array() : kNone;
    }
    timeline::Span span(std::string_view name) const {
        const auto& ends = list(name);
        return {ends.at(0).to_number<double>(), ends.at(1).to_number<double>()};
    }
    timeline::Played played_at(std::string_view name) const {
        const auto& values = list(name);
        return {values.at(0).to_number<double>(), values.at(1).to_number<double>(), values.at(2).to_number<double>()};
    }

  private:
    const json::object& object_;
};

catalog::Track track_of(const Members& words) {
    catalog::Track track;
    const auto id = TrackId::parse(words.text("id").value_or(""));
    if (!id) throw std::runtime_error("a track has no id");
    track.id = *id;
    track.title = words.text("title").value_or("");
    track.artist = words.text("artist");
    track.album = words.text("album");
    track.duration_seconds = words.number("duration_seconds");
    track.ingested_at =
        catalog::timestamp_from_text(words.text("ingested_at").value_or("")).value_or(track.ingested_at);
    track.file_path = words.text("file_path").value_or("");
    track.state = catalog::TrackState::ready;
    return track;
}

NamedEntry entry_of(const Members& words, const std::vector<catalog::Track>& tracks) {
    const auto track_in = [&](const Members& from) { return tracks.at(static_cast<std::size_t>(from.count("track"))); };
    NamedEntry named{{}, track_in(words), {}, {}, {}};
    auto& entry = named.entry;
    entry.track = named.track.id;
    entry.heard = words.span("heard");
    entry.confidence = words.number("confidence");
    entry.aligned = static_cast<std::uint32_t>(words.count("aligned"));
    entry.weight = words.number("weight");
    entry.window_confidence = words.number("window_confidence");
    entry.first = words.played_at("first");
    entry.last = words.played_at("last");
    for (const auto& span : words.list("evidence"))
        entry.evidence.push_back({span.at(0).to_number<double>(), span.at(1).to_number<double>()});
    for (const auto& value : words.list("others")) {
        const Members other(value);
        const auto track = track_in(other);
        entry.others.push_back({track.id, other.number("confidence"), other.number("place_seconds")});
        named.others.push_back({entry.others.back(), track, {}});
    }
    if (const auto verdict = words.text("verdict"))
        named.verdict = *verdict == kAccepted ? Verdict::accepted : Verdict::rejected;
    return named;
}

NamedGap gap_of(const Members& words, const std::vector<catalog::Track>& tracks) {
    NamedGap named;
    auto& gap = named.gap;
    gap.where = words.span("where");
    gap.kind = words.text("kind") == kSilence ? timeline::GapKind::silence : timeline::GapKind::unknown;
    gap.number = static_cast<std::uint32_t>(words.count("number"));
    gap.times_heard = static_cast<std::uint32_t>(words.count("times_heard"));
    for (const auto& value : words.list("sounds_like")) {
        const Members like(value);
        SoundMatch match;
        match.track = tracks.at(static_cast<std::size_t>(like.count("track")));
        match.sound.track = match.track.id;
        match.sound.similarity = like.number("similarity");
        named.sounds_like.push_back(std::move(match));
    }
    return named;
}

RecordingTimeline timeline_of(const Members& words) {
    std::vector<catalog::Track> tracks;
    for (const auto& track : words.list("tracks")) tracks.push_back(track_of(Members(track)));
    RecordingTimeline timeline;
    timeline.seconds = words.number("seconds");
    timeline.damaged_frames = words.count("damaged_frames");
    for (const auto& entry : words.list("entries")) timeline.entries.push_back(entry_of(Members(entry), tracks));
    for (const auto& gap : words.list("gaps")) timeline.gaps.push_back(gap_of(Members(gap), tracks));
    return timeline;
}

}  // namespace

std::string timeline_to_text(const RecordingTimeline& timeline) {
    TrackList tracks;
    json::array entries;
    for (const auto& entry : timeline.entries) entries.push_back(entry_words(entry, tracks));
    json::array gaps;
    for (const auto& gap : timeline.gaps) gaps.push_back(gap_words(gap, tracks));
    return util::json_text(json::object{{"seconds", timeline.seconds},
                                        {"damaged_frames", timeline.damaged_frames},
                                        {"tracks", tracks.take()},
                                        {"entries", std::move(entries)},
                                        {"gaps", std::move(gaps)}});
}

Result<RecordingTimeline> timeline_from_text(std::string_view text) {
    try {
        return timeline_of(Members(json::parse({text.data(), text.size()})));
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "not a stored timeline: {}", error.what());
    }
}

}  // namespace audio_ident::library
