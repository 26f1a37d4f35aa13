#include "monitor/hearing.hpp"

#include <algorithm>
#include <utility>

#include "fingerprint/params.hpp"

namespace audio_ident::monitor {
namespace {

using fingerprint::kSampleRateHz;

constexpr std::int64_t kSecond = kSampleRateHz;
constexpr std::int64_t kBetweenAnswers = 5 * kSecond;  // a window of the timeline
constexpr std::int64_t kTail = 30 * kSecond;           // that the next session hears again
constexpr std::int64_t kSessionLasts = 10 * kSecond * 60;
constexpr std::int64_t kLongestSession = 2 * kSessionLasts;
constexpr std::int64_t kShortestSession = 2 * kTail;  // though the library has changed
constexpr double kSure = 0.9;
constexpr double kWellWithin = 60;  // seconds of an entry, that let the next session find it
constexpr double kStillHeard = 10;  // seconds before the end of what is known

double seconds_of(std::int64_t samples) {
    return double(samples) / kSampleRateHz;
}

}  // namespace

Result<void> Hearing::begin(std::span<const float> earlier) {
    const auto version = parts_.library_version();
    auto session = timeline::Session::open(parts_.index, parts_.executor, {.min_confidence = parts_.min_confidence});
    if (!session) return forward(session);
    session_.emplace(std::move(*session));
    version_ = version;
    session_begin_ = samples_ - static_cast<std::int64_t>(earlier.size());
    is_new_ = true;
    return session_->consume(earlier);
}

Result<std::optional<Hearing::Heard>> Hearing::consume(std::span<const float> samples) {
    if (!session_) {
        if (const auto begun = begin(tail_); !begun) return forward(begun);
    }
    samples_ += static_cast<std::int64_t>(samples.size());
    tail_.insert(tail_.end(), samples.begin(), samples.end());
    if (tail_.size() > 2 * kTail) tail_.erase(tail_.begin(), tail_.end() - kTail);
    auto consumed = session_->consume(samples);
    if (consumed && samples_ - answered_ < kBetweenAnswers) return std::nullopt;
    auto timeline = consumed ? session_->so_far() : Result<timeline::Timeline>(forward(consumed));
    if (!timeline) {
        session_.reset();
        return forward(timeline);
    }
    answered_ = samples_;
    auto heard = heard_of(*timeline);
    if (const auto changed = change_session(*timeline); !changed) {
        session_.reset();
        return forward(changed);
    }
    return heard;
}

Result<std::optional<Hearing::Heard>> Hearing::finish() {
    if (!session_) return std::nullopt;
    auto timeline = session_->finish();
    std::optional<Heard> heard;
    if (timeline) heard = heard_of(std::move(*timeline));
    session_.reset();
    samples_ = answered_ = 0;
    tail_.clear();
    if (!timeline) return forward(timeline);
    return heard;
}

Hearing::Heard Hearing::heard_of(timeline::Timeline timeline) {
    const double shift = seconds_of(session_begin_);
    Heard heard;
    heard.samples = session_begin_ + static_cast<std::int64_t>(timeline.seconds * kSampleRateHz);
    heard.is_new = std::exchange(is_new_, false);
    heard.entries = std::move(timeline.entries);
    for (auto& entry : heard.entries) {
        entry.heard.begin += shift;
        entry.heard.end += shift;
    }
    return heard;
}

/// A moment at which the next session finds again what is heard: well within one track, or long after any.
bool Hearing::is_steady(const timeline::Timeline& timeline) const {
    const auto near_end = [&](const timeline::Entry& entry) {
        return entry.heard.end > timeline.seconds - seconds_of(kTail);
    };
    const auto count = std::ranges::count_if(timeline.entries, near_end);
    if (count != 1) return count == 0;
    const auto& entry = *std::ranges::find_if(timeline.entries, near_end);
    return entry.confidence >= kSure && entry.heard.begin < timeline.seconds - kWellWithin &&
           entry.heard.end > timeline.seconds - kStillHeard;
}

Result<void> Hearing::change_session(const timeline::Timeline& timeline) {
    const auto age = samples_ - session_begin_;
    if (age < kShortestSession) return {};
    const bool is_due = age >= kSessionLasts || parts_.library_version() != version_;
    if (age < kLongestSession && !(is_due && is_steady(timeline))) return {};
    const auto earlier = std::span<const float>(tail_).last(std::min<std::size_t>(tail_.size(), kTail));
    auto begun = begin(earlier);
    // When the index cannot be opened, the session that is there goes on for a while.
    return begun || is_new_ || age >= kLongestSession ? begun : Result<void>();
}

}  // namespace audio_ident::monitor
