#pragma once

#include <cstdint>
#include <vector>

#include "core/track_id.hpp"
#include "search/judged.hpp"

namespace audio_ident::timeline {

using search::Span;  ///< of the recording, in seconds from its first sample

/// How a track is played at one end of an entry.
struct Played {
    double place_seconds = 0;  ///< in the track
    double time_ratio = 1;     ///< seconds of the track a second of the recording: 1.05 when it runs 5 % fast
    double pitch_ratio = 1;    ///< frequency in the recording / frequency in the track
};

/// Another track that may be the one that is heard, or another place in the same track that fits as well.
struct Candidate {
    TrackId track;
    double confidence = 0;
    double place_seconds = 0;  ///< in the track, where the entry begins
};

/// A track is heard.
struct Entry {
    TrackId track;
    Span heard;                 ///< with the pauses in it
    double confidence = 0;      ///< probability that this is right, 0-1
    std::uint32_t aligned = 0;  ///< landmarks that agreed on its place in the window that found it best
    double weight = 0;          ///< of its evidence: the logarithm of how much likelier that is when the track is heard
    double window_confidence = 0;   ///< that one window by itself gave, at most
    Played first;                   ///< where the entry begins
    Played last;                    ///< where it ends
    std::vector<Span> evidence;     ///< stretches that agree with the track by themselves, in order
    std::vector<Candidate> others;  ///< best first
};

enum class GapKind { silence, unknown };

/// A stretch in which no track of the library is heard.
struct Gap {
    Span where;
    GapKind kind = GapKind::unknown;
    /// Which unknown sound it is, from 1 in order of first hearing: the same wherever that sound is heard again, here
    /// or in another recording of the run. 0: it has no name.
    std::uint32_t number = 0;
    std::uint32_t times_heard = 0;  ///< that sound in the whole run; 0 without a number
};

/// Who plays when. Entries by their beginning; they may overlap. Gaps fill what they leave.
struct Timeline {
    double seconds = 0;  ///< of the recording
    std::vector<Entry> entries;
    std::vector<Gap> gaps;
};

}  // namespace audio_ident::timeline
