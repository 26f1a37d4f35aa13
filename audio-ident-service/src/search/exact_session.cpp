#include "search/exact_session.hpp"

#include <algorithm>

#include "fingerprint/params.hpp"

namespace audio_ident::search {

namespace {

constexpr auto kWindowSamples = static_cast<std::size_t>(ExactSession::kWindowSeconds * fingerprint::kSampleRateHz);

}  // namespace

ExactSession::ExactSession(const ExactLane& lane, ExactOptions options) : lane_(lane), options_(std::move(options)) {}

bool ExactSession::consume(std::span<const float> samples) {
    buffer_.insert(buffer_.end(), samples.begin(), samples.end());
    // A window is searched when as much again has come, so that the last one is never a short rest.
    while (!certain_ && !error_ && buffer_.size() >= 2 * kWindowSamples) search_window(kWindowSamples);
    return !certain_ && !error_;
}

Result<std::vector<RecordingMatch>> ExactSession::finish() {
    if (!certain_ && !error_ && !buffer_.empty()) search_window(buffer_.size());
    if (error_) return Unexpected(*error_);
    std::sort(matches_.begin(), matches_.end(),
              [](const RecordingMatch& a, const RecordingMatch& b) { return a.confidence > b.confidence; });
    if (matches_.size() > options_.max_results) matches_.resize(options_.max_results);
    return matches_;
}

void ExactSession::search_window(std::size_t samples) {
    auto found = lane_.search(std::span(buffer_).first(samples), options_);
    if (!found) {
        error_ = found.error();
        return;
    }
    for (RecordingMatch& match : *found) {
        match.offset_seconds -= window_begin_seconds_ * match.time_ratio;
        const auto same = std::find_if(matches_.begin(), matches_.end(),
                                       [&](const RecordingMatch& other) { return other.track == match.track; });
        if (same == matches_.end()) matches_.push_back(match);
        else if (match.confidence > same->confidence) *same = match;
    }
    certain_ =
        std::any_of(matches_.begin(), matches_.end(), [](const RecordingMatch& m) { return m.confidence >= kCertain; });
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(samples));
    window_begin_seconds_ += double(samples) / fingerprint::kSampleRateHz;
}

}  // namespace audio_ident::search
