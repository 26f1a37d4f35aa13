#include "monitor/plays/station_clock.hpp"

#include <algorithm>
#include <utility>

#include "fingerprint/params.hpp"

namespace audio_ident::monitor {
namespace {

using std::chrono::microseconds;

constexpr std::chrono::seconds kWindow{10};
constexpr std::chrono::milliseconds kMostStep{10};
constexpr std::chrono::seconds kStoodStill{5};
constexpr std::chrono::seconds kOnTime{1};
constexpr std::chrono::milliseconds kAsLate{500};
constexpr std::chrono::seconds kClockWasSet{1};
constexpr std::chrono::seconds kPastComes{2};
constexpr std::chrono::seconds kMostPast{20};  // More than that is a stream that is fed faster.
constexpr std::size_t kMostPieces = 1000;

microseconds length_of(std::int64_t samples) {
    return microseconds(samples * 1'000'000 / fingerprint::kSampleRateHz);
}

}  // namespace

void StationClock::start(Timestamp connected) {
    connected_ = connected;
    pieces_ = {{0, connected}};
    on_time_ = 0;
    ahead_.reset();
    late_before_.reset();
    window_end_ = connected + kWindow;
    least_.reset();
}

Timestamp StationClock::at(std::int64_t sample) const {
    const auto after = std::ranges::upper_bound(pieces_, sample, {}, &Piece::first);
    const Piece& piece = after == pieces_.begin() ? pieces_.front() : *std::prev(after);
    return piece.begin + length_of(sample);
}

std::optional<StationClock::Standstill> StationClock::arrived(std::int64_t samples, Timestamp now,
                                                              std::chrono::steady_clock::time_point steady) {
    if (kind_ == Kind::recording) return std::nullopt;
    follow_system_clock(samples, now.time_since_epoch() - steady.time_since_epoch());
    if (now < connected_ + kPastComes) {
        const auto past = length_of(samples) - (now - connected_);
        Timestamp& begin = pieces_.front().begin;
        begin = connected_ - (past < kMostPast ? std::max(past, connected_ - begin) : Timestamp::duration(0));
    }
    const auto late = now - at(samples);
    if (late < kOnTime) on_time_ = samples;
    least_ = least_ ? std::min(*least_, late) : late;
    if (now < window_end_) return std::nullopt;
    window_end_ = now + kWindow;
    return judge(*std::exchange(least_, std::nullopt));
}

void StationClock::follow_system_clock(std::int64_t samples, std::chrono::nanoseconds ahead) {
    const auto set = std::chrono::round<microseconds>(ahead - std::exchange(ahead_, ahead).value_or(ahead));
    if (set > -kClockWasSet && set < kClockWasSet) return;
    add_piece({samples, pieces_.back().begin + set});
    connected_ += set;
    window_end_ += set;
}

void StationClock::add_piece(const Piece& piece) {
    if (pieces_.size() == kMostPieces) pieces_.erase(pieces_.begin());
    pieces_.push_back(piece);
}

/// By so much did the sound of a whole window come late at least.
std::optional<StationClock::Standstill> StationClock::judge(microseconds late) {
    if (late <= kStoodStill) {
        late_before_.reset();
        pieces_.back().begin += std::clamp<microseconds>(late, -kMostStep, kMostStep);
        return std::nullopt;
    }
    const auto before = std::exchange(late_before_, late);
    if (!before || late - *before > kAsLate || *before - late > kAsLate) return std::nullopt;
    late_before_.reset();
    // The clock may have been set since; what came before that keeps its time.
    const auto first = std::max(on_time_, pieces_.back().first);
    const auto began = at(first);
    add_piece({first, pieces_.back().begin + late});
    return Standstill{began, began + late};
}

}  // namespace audio_ident::monitor
