#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/track_id.hpp"

// What a live answer says while the sound still plays. Times are in seconds from the first sample.

namespace audio_ident::live {

/// How loud the last half second was.
struct Level {
    double at_seconds = 0;
    double level_db = 0;  ///< of full scale, mean power; at least kFaintest
    double peak_db = 0;
};
inline constexpr double kFaintest = -100;

/// Nothing is recognised yet.
struct Listening {
    double at_seconds = 0;
    double seconds = 0;  ///< of sound that were searched since the last track or silence, at most 10
};

struct Candidate {
    TrackId track;
    double confidence = 0;
    double place_seconds = 0;  ///< in the track, at this moment
};
/// What it may be, though it is too early to say. Best first.
struct Candidates {
    double at_seconds = 0;
    double seconds = 0;  ///< as in Listening
    std::vector<Candidate> candidates;
};

/// A track that is heard for a while.
struct Play {
    std::uint32_t number = 0;  ///< from 1
    TrackId track;
    double confidence = 0;  ///< probability that it is this recording, 0-1
    double began_seconds = 0;
    double place_seconds = 0;  ///< in the track, where the play began
    double time_ratio = 1;     ///< seconds of the track a second of the sound
    double pitch_ratio = 1;
    std::uint32_t aligned = 0;  ///< landmarks that agree
};
struct Match {
    double at_seconds = 0;
    double needed_seconds = 0;  ///< of sound, from the end of the last track or silence, until the match was sure
    Play play;
};
/// More sound made the place or the confidence of a play more exact.
struct Refined {
    double at_seconds = 0;
    Play play;
};
struct End {
    double at_seconds = 0;
    double ended_seconds = 0;
    bool retracted = false;  ///< more sound showed that it was another track, or none
    Play play;
};

using Event = std::variant<Level, Listening, Candidates, Match, Refined, End>;

}  // namespace audio_ident::live
