#include "api/search_types.hpp"

#include "api/rounding.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::api::wire {
namespace {

SearchMode mode_used(library::Mode mode) {
    switch (mode) {
        case library::Mode::exact: return SearchMode::exact;
        case library::Mode::vibe: return SearchMode::vibe;
        case library::Mode::both: break;
    }
    return SearchMode::both;
}

template <typename T>
std::optional<LaneState> state_of(const std::optional<Result<T>>& lane) {
    if (!lane) return std::nullopt;
    if (*lane) return LaneState::ok;
    const Error& error = lane->error();
    if (error.reason == Reason::lane_unavailable) return LaneState::unavailable;
    return error.kind == ErrorKind::timeout ? LaneState::timeout : LaneState::failed;
}

}  // namespace

library::Mode mode_of(SearchMode mode) {
    switch (mode) {
        case SearchMode::exact: return library::Mode::exact;
        case SearchMode::vibe: return library::Mode::vibe;
        case SearchMode::both: break;
    }
    return library::Mode::both;
}

TrackInfo track_info(const catalog::Track& track) {
    return {track.id.to_string(),   track.title,
            track.artist,           track.album,
            track.duration_seconds, catalog::timestamp_to_text(track.ingested_at)};
}

ExactMatch exact_match(const library::Match& match) {
    const search::RecordingMatch& recording = match.recording;
    ExactMatch words{.track = track_info(match.track),
                     .confidence = ten_thousandths(recording.confidence),
                     .offset_seconds = thousandths(recording.offset_seconds),
                     .aligned_hashes = recording.aligned_hashes,
                     .time_ratio = ten_thousandths(recording.time_ratio),
                     .pitch_ratio = ten_thousandths(recording.pitch_ratio),
                     .other_version = recording.other_version};
    for (const search::MatchedSpan& span : recording.matched)
        words.matched_seconds.push_back({hundredths(span.begin), hundredths(span.end), hundredths(span.place_seconds)});
    for (const double offset : recording.also_offsets) words.also_offset_seconds.push_back(thousandths(offset));
    return words;
}

VibeMatch vibe_match(const library::SoundMatch& match, const std::string& model) {
    const auto& tags = match.track.tags;
    return {.track = track_info(match.track),
            .similarity = ten_thousandths(match.sound.similarity),
            .embedding_model = model,
            .best_moment_seconds = hundredths(match.sound.best_moment_seconds),
            .matched_chunks = match.sound.matched_chunks,
            .tags = tags.empty() ? std::nullopt : std::optional(tags)};
}

std::vector<VibeMatch> vibe_matches(const library::SoundMatches& matches) {
    std::vector<VibeMatch> words;
    for (const auto& match : matches.matches) words.push_back(vibe_match(match, matches.model));
    return words;
}

SearchResponse search_response(const library::Identification& identification, library::Mode mode,
                               std::string request_id) {
    SearchResponse response;
    response.request_id = std::move(request_id);
    response.query_duration_ms = hundredths(identification.elapsed.count());
    response.mode_used = mode_used(mode);
    response.lanes = {state_of(identification.exact), state_of(identification.vibe)};
    if (identification.exact && *identification.exact) {
        for (const auto& match : **identification.exact) response.exact_matches.push_back(exact_match(match));
    }
    if (identification.vibe && *identification.vibe) {
        response.vibe_matches = vibe_matches(**identification.vibe);
        response.vibe_query = (*identification.vibe)->by_recording ? VibeQuery::recording : VibeQuery::clip;
    }
    return response;
}

}  // namespace audio_ident::api::wire
