#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/monitor_store.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::monitor {

using catalog::Timestamp;

/// The time of the clock at a place of a stream: the time of connection, and the length of what came before that place.
/// A sender's clock is not exactly ours, so over hours the time follows the arrival of the sound, by at most a
/// thousandth. A server sends some seconds of the past on connection: what comes too early in the first two seconds was
/// played before. A stream that is fed faster than it plays runs ahead of our clock, and so does a recording, whose
/// sound comes as fast as it can be decoded.
///
/// Sound comes late for two reasons. It may wait on its way, on a network or a machine that is busy: it was played when
/// its place says, and catches up. Or the station stood still: then it goes on as late as it is, and what comes from
/// there on was played later than its place says. So a stream stood still when it has been as late for two windows.
///
/// When somebody sets the system's clock, what comes from there on has the new time.
class StationClock {
  public:
    enum class Kind { station, recording };

    explicit StationClock(Kind kind = Kind::station) : kind_(kind) {}

    /// The stream began to come then.
    void start(Timestamp connected) {
        connected_ = connected;
        pieces_ = {{0, connected}};
        on_time_ = 0;
        ahead_.reset();
        late_before_.reset();
        window_end_ = connected + kWindow;
        least_.reset();
    }

    Timestamp at(std::int64_t sample) const {
        const auto after = std::ranges::upper_bound(pieces_, sample, {}, &Piece::first);
        const Piece& piece = after == pieces_.begin() ? pieces_.front() : *std::prev(after);
        return piece.begin + length_of(sample);
    }

    struct Standstill {
        Timestamp begin{};
        Timestamp end{};
    };
    /// So many samples have arrived by now; `steady` is the same moment by a clock that nobody sets. Returns when the
    /// stream stood still, once that is certain; at() counts with it then.
    std::optional<Standstill> arrived(std::int64_t samples, Timestamp now,
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

  private:
    static constexpr std::chrono::seconds kWindow{10};
    static constexpr std::chrono::milliseconds kMostStep{10};
    static constexpr std::chrono::seconds kStoodStill{5};
    static constexpr std::chrono::seconds kOnTime{1};
    static constexpr std::chrono::milliseconds kAsLate{500};
    static constexpr std::chrono::seconds kClockWasSet{1};
    static constexpr std::chrono::seconds kPastComes{2};
    static constexpr std::chrono::seconds kMostPast{20};  // More than that is a stream that is fed faster.
    static constexpr std::size_t kMostPieces = 1000;

    /// What came without a standstill.
    struct Piece {
        std::int64_t first = 0;  ///< sample
        Timestamp begin{};       ///< of the stream, if it had never stood still
    };

    static std::chrono::microseconds length_of(std::int64_t samples) {
        return std::chrono::microseconds(samples * 1'000'000 / fingerprint::kSampleRateHz);
    }

    void follow_system_clock(std::int64_t samples, std::chrono::nanoseconds ahead) {
        const auto set =
            std::chrono::round<std::chrono::microseconds>(ahead - std::exchange(ahead_, ahead).value_or(ahead));
        if (set > -kClockWasSet && set < kClockWasSet) return;
        add_piece({samples, pieces_.back().begin + set});
        connected_ += set;
        window_end_ += set;
    }

    void add_piece(const Piece& piece) {
        if (pieces_.size() == kMostPieces) pieces_.erase(pieces_.begin());
        pieces_.push_back(piece);
    }

    /// By so much did the sound of a whole window come late at least.
    std::optional<Standstill> judge(std::chrono::microseconds late) {
        if (late <= kStoodStill) {
            late_before_.reset();
            pieces_.back().begin += std::clamp<std::chrono::microseconds>(late, -kMostStep, kMostStep);
            return std::nullopt;
        }
        const auto before = std::exchange(late_before_, late);
        if (!before || late - *before > kAsLate || *before - late > kAsLate) return std::nullopt;
        const auto began = at(on_time_);
        add_piece({on_time_, pieces_.back().begin + late});
        late_before_.reset();
        return Standstill{began, began + late};
    }

    Kind kind_;
    Timestamp connected_{};
    std::vector<Piece> pieces_ = {{}};
    std::int64_t on_time_ = 0;  ///< the last sample that did not come late
    Timestamp window_end_{};
    std::optional<std::chrono::nanoseconds> ahead_;         ///< of the system's clock, before the steady one
    std::optional<std::chrono::microseconds> least_;        ///< by which sound came late in this window
    std::optional<std::chrono::microseconds> late_before_;  ///< the same of the last window, when that was much
};

}  // namespace audio_ident::monitor
