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

// Requests and answers about sound. Answers have the lanes' own numbers, unrounded, and the row of each track.

namespace audio_ident::library {

inline constexpr double kDefaultMinSeconds = 3;
/// Only the first ten minutes of a longer recording are searched, but for Places::all.
inline constexpr double kMaxSeconds = 600;
/// The vibe lane only uses the first two minutes.
inline constexpr double kVibeSeconds = 120;
/// An exact match with at least this confidence identifies the clip. Similar tracks are then asked with its recording.
inline constexpr double kNamedConfidence = 0.9;

enum class Mode { exact, vibe, both };

/// Which places of a track to find.
enum class Places {
    best,  ///< the likeliest place; the search ends when the answer is certain
    all    ///< every place of every track in the whole recording, of any length: a view of its timeline
};

/// How to treat a recording longer than kMaxSeconds: search its beginning, or refuse it (audio_too_long).
enum class TooLong { cut, refuse };

struct IdentifyRequest {
    Mode mode = Mode::both;
    std::size_t max_results = 10;  ///< per lane
    double min_confidence = search::kDefaultMinConfidence;
    double min_similarity = search::kDefaultMinSimilarity;
    search::Order order = search::Order::nearest;
    Places places = Places::best;
    double min_seconds = kDefaultMinSeconds;  ///< of decoded audio, at least search::kShortestClipSeconds
    TooLong length = TooLong::cut;
    std::optional<int> stream = {};  ///< of a clip with several audio streams, see audio::DecodeOptions
    /// The deadline of the whole answer. The lanes end a little earlier, to leave time to look up the tracks they
    /// found.
    Deadline deadline = {};
};

/// A recording that the clip comes from.
struct Match {
    search::RecordingMatch recording;
    catalog::Track track;
};

/// A track that sounds like the query.
struct SoundMatch {
    search::SoundAlike sound;
    catalog::Track track;
};

struct SoundMatches {
    std::string model;  ///< the model that the similarities come from
    std::vector<SoundMatch> matches;
    bool by_recording = false;  ///< compared with the recording that the clip is from, not with the clip
};

/// The answer of each lane, best matches first; nullopt when the lane was not asked. A vibe lane without model, vectors
/// or store fails with Reason::lane_unavailable, a late lane with ErrorKind::timeout. Tracks that are not ready, or
/// have been removed in the meantime, are left out.
struct Identification {
    std::optional<Result<std::vector<Match>>> exact;
    std::optional<Result<SoundMatches>> vibe;
    std::chrono::duration<double, std::milli> elapsed{};
};

struct SimilarRequest {
    TrackId track;
    std::optional<double> at_seconds = {};  ///< compare with the ten seconds from here; absent: with the whole track
    search::VibeOptions options = {};
};

}  // namespace audio_ident::library
