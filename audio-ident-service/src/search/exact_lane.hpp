#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/calibration.hpp"
#include "search/evidence.hpp"

namespace audio_ident::search {

/// A recording that the clip comes from.
struct RecordingMatch {
    TrackId track;
    double confidence = 0;  ///< probability that the match is right, 0-1
    double offset_seconds =
        0;  ///< where in the track the clip's first sample lies; negative when the clip begins before it
    std::uint32_t aligned_hashes = 0;  ///< landmarks of the clip that agree on this place
    double time_ratio = 1;      ///< seconds of the track a second of the clip: 1.05 for a clip that runs 5 % fast
    double pitch_ratio = 1;     ///< clip frequency / track frequency
    std::vector<Span> matched;  ///< stretches of the clip that agree with the track, in order
    std::vector<double> also_offsets;  ///< other places in the track that fit as well, where asked for; best first
    bool other_version = false;        ///< fits by what it shares with a better match: another mix or edition of it
};

struct ExactOptions {
    std::size_t max_results = 10;
    double min_confidence = kDefaultMinConfidence;
    bool all = false;  ///< every track and place: fill RecordingMatch::also_offsets; a session searches the whole clip
    std::size_t threads = 0;  ///< that a search may work on; 0: as many as the machine has, up to 4
    Deadline deadline;
};

inline constexpr double kShortestClipSeconds = 1.0;  ///< less has nothing to find

/// Which recording is this, and at which second of it? A quick pass finds clear clips by a few landmarks. When it is not sure,
/// a thorough pass analyses the clip twice as closely; when that is not sure either, transformed passes try the clip at other
/// speeds, tempos and pitches. In a very large index each pass reads the landmarks that are worth most. Thread-safe.
class ExactLane {
  public:
    /// `reader` outlives the lane.
    explicit ExactLane(index::FingerprintIndexReader& reader, Calibration calibration = {})
        : reader_(reader), calibration_(std::move(calibration)) {}

    /// Tracks with at least options.min_confidence, best first, one match a track; empty when the clip is unknown or silent.
    /// `samples`: mono at fingerprint::kSampleRateHz, kShortestClipSeconds to some 30 s; a longer recording goes through
    /// ExactSession. When the deadline passes, what has been found so far is the answer. Fails with invalid_input (too
    /// short), timeout (nothing was found in time), and what the index fails with.
    Result<std::vector<RecordingMatch>> search(std::span<const float> samples, const ExactOptions& options) const;

    /// The dozen best tracks with all that speaks for them, however little; best first, their confidence as shipped,
    /// whatever the calibration. As search() otherwise.
    Result<std::vector<Evidence>> examine(std::span<const float> samples, const ExactOptions& options) const;

  private:
    index::FingerprintIndexReader& reader_;
    Calibration calibration_;
};

}  // namespace audio_ident::search
