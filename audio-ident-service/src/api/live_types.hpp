#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/search_types.hpp"
#include "audio/raw_format.hpp"
#include "core/error.hpp"
#include "library/live_answer.hpp"

// What the live answer says, under the contract's names, rounded here and nowhere else. Used by `audio-ident listen
// --json` and by /api/v1/live. Times are in seconds from the first sample.

namespace audio_ident::api::wire {

enum class LiveFormat { s16le, s24le, s32le, f32le };
BOOST_DESCRIBE_ENUM(LiveFormat, s16le, s24le, s32le, f32le)

/// The format of sound that has no header.
struct LiveQuery {
    std::optional<LiveFormat> format;
    std::int64_t rate = 44'100;
    std::int64_t channels = 2;
};
BOOST_DESCRIBE_STRUCT(LiveQuery, (), (format, rate, channels))

audio::SampleFormat sample_format_of(LiveFormat format);

enum class LiveEventKind { level, listening, candidates, match, refined, end, finished, error };
BOOST_DESCRIBE_ENUM(LiveEventKind, level, listening, candidates, match, refined, end, finished, error)

struct LiveCandidate {
    TrackInfo track;
    double confidence = 0;      ///< 0-1
    double offset_seconds = 0;  ///< in the track, at this moment
};
BOOST_DESCRIBE_STRUCT(LiveCandidate, (), (track, confidence, offset_seconds))

struct LivePlay {
    std::int64_t number = 0;  ///< from 1
    TrackInfo track;
    double confidence = 0;      ///< 0-1
    double started = 0;         ///< when it began
    double offset_seconds = 0;  ///< in the track, where it began
    double time_ratio = 1;      ///< seconds of the track a second of the sound
    double pitch_ratio = 1;     ///< frequency in the sound / frequency in the track
    std::int64_t aligned_hashes = 0;
};
BOOST_DESCRIBE_STRUCT(LivePlay, (),
                      (number, track, confidence, started, offset_seconds, time_ratio, pitch_ratio, aligned_hashes))

/// Which fields an event has depends on its kind; the contract has the table. The others are null.
struct LiveEvent {
    LiveEventKind event = LiveEventKind::listening;
    double at = 0;                              ///< seconds of sound so far
    std::optional<double> level_db = {};        ///< of full scale, over the last half second
    std::optional<double> peak_db = {};         ///< likewise
    std::optional<double> window_seconds = {};  ///< of sound that were searched
    std::optional<std::vector<LiveCandidate>> candidates = {};
    std::optional<double> needed_seconds = {};  ///< of sound until the match was sure
    std::optional<LivePlay> play = {};
    std::optional<double> ended = {};        ///< when the play ended
    std::optional<bool> retracted = {};      ///< the play was another track, or none
    std::optional<std::int64_t> plays = {};  ///< that were recognised and not retracted
    std::optional<std::string> code = {};    ///< as in an error over HTTP
    std::optional<std::string> message = {};
};
BOOST_DESCRIBE_STRUCT(LiveEvent, (),
                      (event, at, level_db, peak_db, window_seconds, candidates, needed_seconds, play, ended, retracted,
                       plays, code, message))

LiveEvent live_event(const library::NamedEvent& named);
LiveEvent live_finished(double seconds, std::int64_t plays);
LiveEvent live_error(double seconds, const Error& error);

/// One line of JSON.
std::string live_text(const LiveEvent& event);

}  // namespace audio_ident::api::wire
