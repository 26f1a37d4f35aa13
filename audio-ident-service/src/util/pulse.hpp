#pragma once

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace audio_ident::util {

/// Notices when this process stands still: it is stopped, its machine sleeps or moves, or it gets no processor at all.
/// One more thread in the process looks at the clock five times a second. Thread-safe.
class Pulse {
  public:
    using Clock = std::chrono::steady_clock;

    /// Begins to look on first use.
    static Pulse& of_process();

    /// For how long the process stood still since then, in stretches of a second and more.
    Clock::duration stood_still_since(Clock::time_point begin) const;

  private:
    struct Gap {
        Clock::time_point from;
        Clock::time_point to;
    };

    Pulse();
    void run();

    mutable std::mutex mutex_;
    Clock::time_point last_ = Clock::now();
    std::vector<Gap> gaps_;  ///< the last ones
    std::thread thread_;
};

}  // namespace audio_ident::util
