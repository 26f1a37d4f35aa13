#pragma once

#include <atomic>

#include "core/deadline.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::lib {

/// Ends the wait for a server that hangs: a thread waits for its answer, without a limit, and keeps everybody waiting
/// who waits for that thread. The guard shuts the connection's socket down when the time comes, so that the wait fails
/// at once. One more thread in the process looks after all guards. Thread-safe.
class SilenceGuard {
  public:
    using Clock = Deadline::Clock;

    /// `socket`: of the connection. The guard has a copy, so that it never shuts another one that got its number.
    explicit SilenceGuard(int socket);
    ~SilenceGuard();
    SilenceGuard(const SilenceGuard&) = delete;
    SilenceGuard& operator=(const SilenceGuard&) = delete;

    /// Ends the connection then, unless another call comes before. Clock::time_point::max(): never.
    void end_at(Clock::time_point when);
    /// Whether it has ended the connection.
    bool has_ended() const { return ended_; }

  private:
    class Watcher;

    util::Descriptor socket_;
    Clock::time_point when_ = Clock::time_point::max();  ///< belongs to the watcher
    std::atomic<bool> ended_ = false;
};

}  // namespace audio_ident::lib
