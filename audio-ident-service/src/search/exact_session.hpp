#pragma once

#include <optional>
#include <span>
#include <vector>

#include "search/exact_lane.hpp"

namespace audio_ident::search {

/// Searches a clip of any length while it is being decoded, in windows of kWindowSeconds. Stops when the answer is
/// certain. Keeps two windows in memory at most. One object serves one clip and one thread.
class ExactSession {
  public:
    static constexpr double kWindowSeconds = 10;
    static constexpr double kCertain = 0.99;  ///< a match with this confidence ends the search

    ExactSession(const ExactLane& lane, ExactOptions options);

    /// Takes mono samples at fingerprint::kSampleRateHz. Returns false when it needs no more.
    bool consume(std::span<const float> samples);
    /// The answer for all samples, like that of ExactLane::search(). Offsets and stretches refer to the whole clip.
    Result<std::vector<RecordingMatch>> finish();

  private:
    void search_window(std::size_t samples);
    void merge(RecordingMatch match);

    const ExactLane& lane_;
    ExactOptions options_;
    std::vector<float> buffer_;
    double window_begin_seconds_ = 0;
    bool done_ = false;
    std::optional<Error> error_;
    std::vector<RecordingMatch> matches_;
};

}  // namespace audio_ident::search
