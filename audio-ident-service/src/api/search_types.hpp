#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "library/identification.hpp"

// The answer of a search under the contract's names, and the conversion from the library's answers. Only this file
// rounds numbers. Used by the API and by `--json`. Described once (BOOST_DESCRIBE): JSON and schema follow from here.

namespace audio_ident::api::wire {

enum class SearchMode { exact, vibe, both };
BOOST_DESCRIBE_ENUM(SearchMode, exact, vibe, both)

struct TrackInfo {
    std::string id;
    std::string title;
    std::optional<std::string> artist;
    std::optional<std::string> album;
    double duration_seconds = 0;
    std::string ingested_at;  ///< ISO 8601, UTC
};
BOOST_DESCRIBE_STRUCT(TrackInfo, (), (id, title, artist, album, duration_seconds, ingested_at))

struct ClipSpan {
    double start = 0;  ///< seconds from the clip's first sample
    double end = 0;
};
BOOST_DESCRIBE_STRUCT(ClipSpan, (), (start, end))

struct MatchedSpan {
    double start = 0;  ///< seconds from the clip's first sample
    double end = 0;
    double track_start = 0;  ///< where in the track it begins
};
BOOST_DESCRIBE_STRUCT(MatchedSpan, (), (start, end, track_start))

struct ExactMatch {
    TrackInfo track;
    double confidence = 0;                 ///< 0-1
    std::optional<double> offset_seconds;  ///< where in the track the clip's first sample lies
    std::int64_t aligned_hashes = 0;
    double time_ratio = 1;                          ///< seconds of the track for each second of the clip
    double pitch_ratio = 1;                         ///< clip frequency / track frequency
    std::vector<MatchedSpan> matched_seconds = {};  ///< stretches of the clip that agree with the track
    std::vector<double> also_offset_seconds =
        {};                      ///< other places in the track that fit as well, if all were requested
    bool other_version = false;  ///< fits by the sound that it shares with a better match
};
BOOST_DESCRIBE_STRUCT(ExactMatch, (),
                      (track, confidence, offset_seconds, aligned_hashes, time_ratio, pitch_ratio, matched_seconds,
                       also_offset_seconds, other_version))

struct VibeMatch {
    TrackInfo track;
    double similarity = 0;  ///< 0-1
    std::string embedding_model;
    std::optional<double> best_moment_seconds;            ///< the place in the track that is most similar
    std::optional<std::int64_t> matched_chunks;           ///< parts of the track that are similar by themselves
    std::optional<std::vector<catalog::TagWeight>> tags;  ///< likeliest first; absent when the model gives none
};
BOOST_DESCRIBE_STRUCT(VibeMatch, (), (track, similarity, embedding_model, best_moment_seconds, matched_chunks, tags))

/// The outcome of a lane. "unavailable": this program or library does not have the lane.
enum class LaneState { ok, unavailable, failed, timeout };
BOOST_DESCRIBE_ENUM(LaneState, ok, unavailable, failed, timeout)

/// Absent when the lane was not asked.
struct Lanes {
    std::optional<LaneState> exact;
    std::optional<LaneState> vibe;
};
BOOST_DESCRIBE_STRUCT(Lanes, (), (exact, vibe))

/// What the vibe lane compared the tracks with.
enum class VibeQuery { clip, recording };
BOOST_DESCRIBE_ENUM(VibeQuery, clip, recording)

struct SearchResponse {
    std::string request_id;
    double query_duration_ms = 0;
    std::vector<ExactMatch> exact_matches;
    std::vector<VibeMatch> vibe_matches;
    std::optional<VibeQuery> vibe_query;  ///< absent when the vibe lane has no answer
    SearchMode mode_used = SearchMode::exact;
    Lanes lanes;
};
BOOST_DESCRIBE_STRUCT(SearchResponse, (),
                      (request_id, query_duration_ms, exact_matches, vibe_matches, vibe_query, mode_used, lanes))

library::Mode mode_of(SearchMode mode);

TrackInfo track_info(const catalog::Track& track);
ExactMatch exact_match(const library::Match& match);
VibeMatch vibe_match(const library::SoundMatch& match, const std::string& model);
std::vector<VibeMatch> vibe_matches(const library::SoundMatches& matches);
SearchResponse search_response(const library::Identification& identification, library::Mode mode,
                               std::string request_id);

}  // namespace audio_ident::api::wire
