#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "search/confidence.hpp"
#include "search/exact_lane.hpp"
#include "search/vibe_lane.hpp"

// What a door asks about sound, and what it gets: the lanes' own numbers, unrounded, each with its track's row.

namespace audio_ident::library {

inline constexpr double kDefaultMinSeconds = 3;
/// Only the first ten minutes of a longer recording are searched.
inline constexpr double kMaxSeconds = 600;
/// The vibe lane listens to the first two minutes only.
inline constexpr double kVibeSeconds = 120;
/// An exact match with at least this confidence is what the clip is. The vibe lane does not name its track again.
inline constexpr double kNamedConfidence = 0.9;

enum class Mode { exact, vibe, both };

/// Which places of a track are wanted.
enum class Places {
    best,  ///< the likeliest one; the search ends when the answer is certain
    all    ///< every place of every track in the whole clip
};

/// What happens to a recording longer than kMaxSeconds: its beginning is searched, or it is refused (audio_too_long).
enum class TooLong { cut, refuse };

struct IdentifyRequest {
    Mode mode = Mode::both;
    std::size_t max_results = 10;  ///< a lane
    double min_confidence = search::kDefaultMinConfidence;
    double min_similarity = search::kDefaultMinSimilarity;
    search::Order order = search::Order::nearest;
    Places places = Places::best;
    double min_seconds = kDefaultMinSeconds;  ///< of decoded audio, at least search::kShortestClipSeconds
    TooLong length = TooLong::cut;
    /// For the whole answer. The lanes end a little earlier, so that there is time to name what they found.
    Deadline deadline = {};
};

/// A recording that the clip comes from.
struct Match {
    search::RecordingMatch recording;
    catalog::Track track;
};

/// A track that sounds like what was asked for.
struct SoundMatch {
    search::SoundAlike sound;
    catalog::Track track;
};

struct SoundMatches {
    std::string model;  ///< that the similarities come from
    std::vector<SoundMatch> matches;
};

/// What each lane answered, best matches first; nullopt: the lane was not asked. A vibe lane that has no model, vectors
/// or store answers with Reason::lane_unavailable, one that was late with ErrorKind::timeout. A track that is not
/// ready, or was removed meanwhile, is left out.
struct Identification {
    std::optional<Result<std::vector<Match>>> exact;
    std::optional<Result<SoundMatches>> vibe;
    std::chrono::duration<double, std::milli> elapsed{};
};

struct SimilarRequest {
    TrackId track;
    std::optional<double> at_seconds = {};  ///< absent: like the whole track; else like the ten seconds from here
    search::VibeOptions options = {};
};

}  // namespace audio_ident::library
