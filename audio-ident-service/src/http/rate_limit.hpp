#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

namespace audio_ident::http {

/// Allows each client a number of requests a minute, refilled evenly; a burst may use up a minute's worth at once. Not
/// thread-safe.
class RateLimiter {
  public:
    using Clock = std::chrono::steady_clock;

    /// 0: no limit.
    explicit RateLimiter(unsigned requests_a_minute) : per_minute_(requests_a_minute) {}

    /// Zero when the request may pass, else how long to wait until one may.
    std::chrono::seconds check(const std::string& client, Clock::time_point now = Clock::now());

  private:
    struct Bucket {
        double tokens = 0;
        Clock::time_point at;
    };
    unsigned per_minute_;
    std::unordered_map<std::string, Bucket> clients_;
};

}  // namespace audio_ident::http
