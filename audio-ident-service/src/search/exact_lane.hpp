#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/calibration.hpp"
#include "search/evidence.hpp"

namespace audio_ident::search {

/// A stretch of the clip that agrees with the track.
struct MatchedSpan : Span {
    double place_seconds = 0;  ///< where in the track it begins
};

/// A recording that the clip comes from.
struct RecordingMatch {
    TrackId track;
    double confidence = 0;  ///< probability that the match is right, 0-1
    double offset_seconds =
        0;  ///< where in the track the clip's first sample lies; negative when the clip begins before it
    std::uint32_t aligned_hashes = 0;  ///< landmarks of the clip that agree on this place
    double time_ratio = 1;   ///< seconds of the track for each second of the clip: 1.05 for a clip 5 % too fast
    double pitch_ratio = 1;  ///< clip frequency / track frequency
    std::vector<MatchedSpan> matched;  ///< in the order of the clip
    std::vector<double> also_offsets;  ///< other places in the track that fit as well, where asked for; best first
    bool other_version = false;        ///< another mix or edition of a better match: fits by the sound that both share
};

struct ExactOptions {
    std::size_t max_results = 10;
    double min_confidence = kDefaultMinConfidence;
    bool all = false;  ///< every track and place: fill RecordingMatch::also_offsets
    Deadline deadline;
};

inline constexpr double kShortestClipSeconds = 1.0;  ///< shorter clips are refused: they have too few landmarks

/// Finds the recording that a clip comes from, and the clip's place in it. A quick pass finds clear clips by a few
/// landmarks. When it is not sure, a thorough pass analyses the clip at twice the time resolution. When that is not
/// sure either, transformed passes try other speeds, tempos and pitches. In a very large index each pass looks up only
/// the most useful landmarks. Thread-safe.
class ExactLane {
  public:
    /// `reader` and `executor`, on which the passes run, must outlive the lane.
    ExactLane(index::FingerprintIndexReader& reader, Executor& executor, Calibration calibration = {})
        : reader_(reader), executor_(executor), calibration_(std::move(calibration)) {}

    /// The index that it searches, and the threads that it searches on.
    index::FingerprintIndexReader& index() const { return reader_; }
    Executor& executor() const { return executor_; }

    /// Tracks with at least options.min_confidence, best first, one match for each track; empty when the clip is
    /// unknown or silent. `samples`: mono at fingerprint::kSampleRateHz, kShortestClipSeconds to some 30 s; use
    /// ExactSession for longer recordings. When the deadline passes, the answer is what has been found so far. Fails
    /// with invalid_input (too short), timeout (nothing found in time), and the errors of the index.
    Result<std::vector<RecordingMatch>> search(std::span<const float> samples, const ExactOptions& options) const;

    /// The dozen best tracks with all their evidence, best first, even when the evidence is weak. Their confidence is
    /// the shipped one, without calibration. Otherwise like search().
    Result<std::vector<Evidence>> examine(std::span<const float> samples, const ExactOptions& options) const;

  private:
    index::FingerprintIndexReader& reader_;
    Executor& executor_;
    Calibration calibration_;
};

}  // namespace audio_ident::search
