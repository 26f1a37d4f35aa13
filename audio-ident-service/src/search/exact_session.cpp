#include "search/exact_session.hpp"

#include <algorithm>
#include <cmath>

#include "fingerprint/params.hpp"

namespace audio_ident::search {

namespace {

constexpr auto kWindowSamples = static_cast<std::size_t>(ExactSession::kWindowSeconds * fingerprint::kSampleRateHz);
constexpr double kGapSeconds = 0.75;  // stretches with a shorter gap count as one

}  // namespace

ExactSession::ExactSession(const ExactLane& lane, ExactOptions options) : lane_(lane), options_(std::move(options)) {}

bool ExactSession::consume(std::span<const float> samples) {
    if (done_) return false;
    buffer_.insert(buffer_.end(), samples.begin(), samples.end());
    // Search a window only after another whole window has arrived, so that the last window is never short.
    while (!done_ && buffer_.size() >= 2 * kWindowSamples) search_window(kWindowSamples);
    return !done_;
}

Result<std::vector<RecordingMatch>> ExactSession::finish() {
    const bool nothing_yet = window_begin_seconds_ == 0;
    if (!done_ && (!buffer_.empty() || nothing_yet)) search_window(buffer_.size());
    if (error_) return Unexpected(*error_);
    std::sort(matches_.begin(), matches_.end(),
              [](const RecordingMatch& a, const RecordingMatch& b) { return a.confidence > b.confidence; });
    if (matches_.size() > options_.max_results) matches_.resize(options_.max_results);
    return matches_;
}

void ExactSession::search_window(std::size_t samples) {
    auto found = lane_.search(std::span(buffer_).first(samples), options_);
    if (!found) {
        done_ = true;
        // The matches of earlier windows are an answer, even when the time was too short for this window.
        if (matches_.empty() || found.error().kind != ErrorKind::timeout) error_ = found.error();
        return;
    }
    for (RecordingMatch& match : *found) {
        match.offset_seconds -= window_begin_seconds_ * match.time_ratio;
        for (double& offset : match.also_offsets) offset -= window_begin_seconds_ * match.time_ratio;
        for (MatchedSpan& span : match.matched) {
            span.begin += window_begin_seconds_;
            span.end += window_begin_seconds_;
        }
        merge(std::move(match));
    }
    done_ =
        std::any_of(matches_.begin(), matches_.end(), [](const RecordingMatch& m) { return m.confidence >= kCertain; });
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(samples));
    window_begin_seconds_ += double(samples) / fingerprint::kSampleRateHz;
}

void ExactSession::merge(RecordingMatch match) {
    const auto same = std::find_if(matches_.begin(), matches_.end(),
                                   [&](const RecordingMatch& other) { return other.track == match.track; });
    if (same == matches_.end()) {
        matches_.push_back(std::move(match));
        return;
    }
    // The earlier window lies nearer to the clip's first sample, so its offset is more exact, unless it was a guess.
    if (match.confidence > same->confidence && same->confidence < kCertain) std::swap(match, *same);
    same->confidence = std::max(same->confidence, match.confidence);
    same->other_version = same->other_version && match.other_version;
    same->matched.insert(same->matched.end(), match.matched.begin(), match.matched.end());
    std::sort(same->matched.begin(), same->matched.end(),
              [](const MatchedSpan& a, const MatchedSpan& b) { return a.begin < b.begin; });
    std::vector<MatchedSpan> joined;
    for (const MatchedSpan& span : same->matched) {
        if (!joined.empty() && span.begin <= joined.back().end + kGapSeconds)
            joined.back().end = std::max(joined.back().end, span.end);
        else joined.push_back(span);
    }
    same->matched = std::move(joined);
}

}  // namespace audio_ident::search
