#pragma once

#include <optional>
#include <span>
#include <vector>

#include "search/exact_lane.hpp"

namespace audio_ident::search {

/// Searches a clip of any length while it is being decoded: in windows of kWindowSeconds, until the answer is certain, or
/// with options.all to its end. Memory is bounded by two windows. For one clip, one thread.
class ExactSession {
  public:
    static constexpr double kWindowSeconds = 10;
    static constexpr double kCertain = 0.99;  ///< a match this sure ends the search

    ExactSession(const ExactLane& lane, ExactOptions options);

    /// Takes mono samples at fingerprint::kSampleRateHz; false when no more are needed.
    bool consume(std::span<const float> samples);
    /// The answer for all that was consumed, as ExactLane::search() gives it; offsets and stretches are those of the
    /// whole clip.
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
