#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "catalog/monitor_store.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::monitor {

using catalog::Timestamp;

/// The time of the clock at a place of a stream: the time of connection, and the length of what came before that place.
/// A sender's clock is not exactly ours, so over hours the time follows the arrival of the sound, by at most a
/// thousandth. A server sends some seconds of the past on connection: what comes too early in the first two seconds was
/// played before. A stream that is fed faster than it plays runs ahead of our clock, and so does a recording, whose
/// sound comes as fast as it can be decoded.
class StationClock {
  public:
    enum class Kind { station, recording };

    explicit StationClock(Kind kind = Kind::station) : kind_(kind) {}

    /// The stream began to come then.
    void start(Timestamp connected) {
        begin_ = connected_ = connected;
        window_end_ = connected + kWindow;
        least_.reset();
    }
    Timestamp at(std::int64_t sample) const { return begin_ + length_of(sample); }

    /// So many samples have arrived by now. Returns how much later they come than they should for a whole window, when
    /// that is more than a stream catches up with: it stood still, and start() has to follow.
    std::optional<std::chrono::microseconds> arrived(std::int64_t samples, Timestamp now) {
        if (kind_ == Kind::recording) return std::nullopt;
        if (now < connected_ + kPastComes) {
            const auto past = length_of(samples) - (now - connected_);
            begin_ = connected_ - (past < kMostPast ? std::max(past, connected_ - begin_) : Timestamp::duration(0));
        }
        const auto late = now - at(samples);
        least_ = least_ ? std::min(*least_, late) : late;
        if (now < window_end_) return std::nullopt;
        const auto least = *least_;
        window_end_ = now + kWindow;
        least_.reset();
        if (least > kStoodStill) return least;
        begin_ += std::clamp<std::chrono::microseconds>(least, -kMostStep, kMostStep);
        return std::nullopt;
    }

  private:
    static constexpr std::chrono::seconds kWindow{10};
    static constexpr std::chrono::milliseconds kMostStep{10};
    static constexpr std::chrono::seconds kStoodStill{5};
    static constexpr std::chrono::seconds kPastComes{2};
    static constexpr std::chrono::seconds kMostPast{20};  // More than that is a stream that is fed faster.

    static std::chrono::microseconds length_of(std::int64_t samples) {
        return std::chrono::microseconds(samples * 1'000'000 / fingerprint::kSampleRateHz);
    }

    Kind kind_;
    Timestamp connected_{};
    Timestamp begin_{};
    Timestamp window_end_{};
    std::optional<std::chrono::microseconds> least_;
};

}  // namespace audio_ident::monitor
