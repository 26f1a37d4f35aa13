#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/search_types.hpp"
#include "library/timelines.hpp"

// A timeline under the contract's names, rounded here and nowhere else. Used by `audio-ident timeline --json`
// and by /api/v1/timelines.

namespace audio_ident::api::wire {

/// How a track is played at one end of an entry.
struct PlayedAt {
    double offset_seconds = 0;  ///< in the track
    double time_ratio = 1;      ///< seconds of the track a second of the recording
    double pitch_ratio = 1;     ///< frequency in the recording / frequency in the track
};
BOOST_DESCRIBE_STRUCT(PlayedAt, (), (offset_seconds, time_ratio, pitch_ratio))

struct TimelineCandidate {
    TrackInfo track;
    double confidence = 0;      ///< 0-1
    double offset_seconds = 0;  ///< in the track, where the entry begins
    bool track_gone = false;    ///< the library does not have the track any more
};
BOOST_DESCRIBE_STRUCT(TimelineCandidate, (), (track, confidence, offset_seconds, track_gone))

enum class TimelineVerdict { accepted, rejected };
BOOST_DESCRIBE_ENUM(TimelineVerdict, accepted, rejected)

struct TimelineEntry {
    double start = 0;  ///< seconds from the recording's first sample
    double end = 0;
    TrackInfo track;
    double confidence = 0;                       ///< 0-1
    PlayedAt first;                              ///< at `start`
    PlayedAt last;                               ///< at `end`
    std::vector<ClipSpan> matched_seconds = {};  ///< stretches of the recording that agree with the track
    std::vector<TimelineCandidate> candidates = {};
    std::optional<TimelineVerdict> verdict = {};  ///< of a person, in the service
    bool track_gone = false;                      ///< the library does not have the track any more
};
BOOST_DESCRIBE_STRUCT(TimelineEntry, (),
                      (start, end, track, confidence, first, last, matched_seconds, candidates, verdict, track_gone))

enum class TimelineGapKind { silence, unknown };
BOOST_DESCRIBE_ENUM(TimelineGapKind, silence, unknown)

/// A track that an unknown stretch sounds like.
struct TimelineSoundAlike {
    TrackInfo track;
    double similarity = 0;  ///< 0-1
};
BOOST_DESCRIBE_STRUCT(TimelineSoundAlike, (), (track, similarity))

struct TimelineGap {
    double start = 0;
    double end = 0;
    TimelineGapKind kind = TimelineGapKind::unknown;
    /// "unknown 3": the same wherever the same unknown sound is heard again
    std::optional<std::string> name = {};
    std::optional<std::int64_t> times_heard = {};  ///< what has this name
    /// The most similar first; null when nothing is close.
    std::optional<std::vector<TimelineSoundAlike>> sounds_like = {};
};
BOOST_DESCRIBE_STRUCT(TimelineGap, (), (start, end, kind, name, times_heard, sounds_like))

struct Timeline {
    double duration_seconds = 0;  ///< of the recording
    std::vector<TimelineEntry> entries;
    std::vector<TimelineGap> gaps;
    std::int64_t damaged_frames = 0;
};
BOOST_DESCRIBE_STRUCT(Timeline, (), (duration_seconds, entries, gaps, damaged_frames))

Timeline timeline(const library::RecordingTimeline& timeline);

}  // namespace audio_ident::api::wire
