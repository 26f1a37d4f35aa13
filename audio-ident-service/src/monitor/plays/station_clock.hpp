#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/monitor_store.hpp"

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
    void start(Timestamp connected);
    Timestamp at(std::int64_t sample) const;

    struct Standstill {
        Timestamp begin{};
        Timestamp end{};
    };
    /// So many samples have arrived by now; `steady` is the same moment by a clock that nobody sets. Returns when the
    /// stream stood still, once that is certain; at() counts with it then.
    std::optional<Standstill> arrived(std::int64_t samples, Timestamp now,
                                      std::chrono::steady_clock::time_point steady);

  private:
    /// What came without a standstill.
    struct Piece {
        std::int64_t first = 0;  ///< sample
        Timestamp begin{};       ///< of the stream, if it had never stood still
    };

    void follow_system_clock(std::int64_t samples, std::chrono::nanoseconds ahead);
    void add_piece(const Piece& piece);
    std::optional<Standstill> judge(std::chrono::microseconds late);

    Kind kind_;
    Timestamp connected_{};
    std::vector<Piece> pieces_ = {{}};  ///< by their first samples
    std::int64_t on_time_ = 0;          ///< the last sample that did not come late
    Timestamp window_end_{};
    std::optional<std::chrono::nanoseconds> ahead_;         ///< of the system's clock, before the steady one
    std::optional<std::chrono::microseconds> least_;        ///< by which sound came late in this window
    std::optional<std::chrono::microseconds> late_before_;  ///< the same of the last window, when that was much
};

}  // namespace audio_ident::monitor
