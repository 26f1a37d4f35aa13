#pragma once

#include <chrono>
#include <stop_token>
#include <utility>

namespace audio_ident {

/// A point in time after which a call should give up with ErrorKind::timeout, passed down by value to every call that
/// can wait or take long. It also carries a stop token, so that Ctrl-C and a client that hangs up end the same calls.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    /// Never passes.
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

    /// Time left, never negative.
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
