#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/confidence.hpp"
#include "search/verification.hpp"

namespace audio_ident::search {

/// A recording that the clip comes from.
struct RecordingMatch {
    TrackId track;
    double confidence = 0;  ///< probability that the match is right, 0-1
    double offset_seconds =
        0;  ///< where in the track the clip's first sample lies; negative when the clip begins before it
    std::uint32_t aligned_hashes = 0;  ///< landmarks of the clip that agree on this place
    double time_ratio = 1;   ///< seconds of the track a second of the clip: 1.05 for a clip that runs 5 % fast
    double pitch_ratio = 1;  ///< clip frequency / track frequency
};

/// What the lane knows of one track that the clip may come from.
struct Evidence {
    TrackId track;
    Alignment alignment;
    MatchFeatures features;
    double confidence = 0;
};

struct ExactOptions {
    std::size_t max_results = 10;
    double min_confidence = kDefaultMinConfidence;
    Deadline deadline;
};

inline constexpr double kShortestClipSeconds = 1.0;  ///< less has nothing to find

/// Which recording is this, and at which second of it? A plain pass finds clips as they were recorded; only when it is
/// unsure, the clip is tried at other speeds, tempos and pitches. Thread-safe.
class ExactLane {
  public:
    /// `reader` outlives the lane.
    explicit ExactLane(index::FingerprintIndexReader& reader) : reader_(reader) {}

    /// Tracks with at least options.min_confidence, best first, one match a track; empty when the clip is unknown or
    /// silent. `samples`: mono at fingerprint::kSampleRateHz, kShortestClipSeconds to some 30 s; a longer recording
    /// goes through ExactSession. Fails with invalid_input (too short), timeout, and what the index fails with.
    Result<std::vector<RecordingMatch>> search(std::span<const float> samples, const ExactOptions& options) const;

    /// The dozen best tracks with all that speaks for them, however little; best first. As search() otherwise.
    Result<std::vector<Evidence>> examine(std::span<const float> samples, const Deadline& deadline) const;

  private:
    index::FingerprintIndexReader& reader_;
};

}  // namespace audio_ident::search
