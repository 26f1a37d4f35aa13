#pragma once

#include <chrono>
#include <stop_token>
#include <utility>

namespace audio_ident {

/// The time by which a call must finish; after that it gives up with ErrorKind::timeout. It is passed by value to every
/// call that waits or takes long. It also carries a stop token, so that Ctrl-C or a disconnected client ends the same
/// calls.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    /// A deadline that never passes.
    Deadline() = default;
    explicit Deadline(Clock::time_point when, std::stop_token stop = {}) : when_(when), stop_(std::move(stop)) {}

    static Deadline after(Clock::duration duration, std::stop_token stop = {}) {
        return Deadline(Clock::now() + duration, std::move(stop));
    }
    static Deadline never(std::stop_token stop = {}) { return Deadline(Clock::time_point::max(), std::move(stop)); }

    bool stop_requested() const { return stop_.stop_requested(); }
    bool expired() const { return stop_requested() || (when_ != Clock::time_point::max() && Clock::now() >= when_); }
    Clock::time_point when() const { return when_; }
    const std::stop_token& stop_token() const { return stop_; }

    /// The time left, never negative; Clock::duration::max() when the deadline never passes.
    Clock::duration remaining() const {
        if (when_ == Clock::time_point::max()) return Clock::duration::max();
        const auto now = Clock::now();
        return now >= when_ ? Clock::duration::zero() : when_ - now;
    }

  private:
    Clock::time_point when_ = Clock::time_point::max();
    std::stop_token stop_;
};

}  // namespace audio_ident
