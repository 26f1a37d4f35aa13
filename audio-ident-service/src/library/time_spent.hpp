#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace audio_ident::library {

/// Measures what a lane spends its time on, for the message of a search that is late. Not thread-safe.
class TimeSpent {
  public:
    using Clock = std::chrono::steady_clock;

    /// Runs `work` and counts its time for `step`, and not for an enclosing step.
    template <typename Work>
    auto on(std::string_view step, Work work) {
        const Running running(*this, step);
        return work();
    }

    /// "0.2 s on decoding, 9.6 s on looking up"; steps in the order in which they began.
    std::string text() const;

  private:
    struct Step {
        std::string_view name;
        Clock::duration time{};
    };

    /// Makes a step the running one until the end of a block.
    class Running {
      public:
        Running(TimeSpent& spent, std::string_view step) : spent_(spent), before_(spent.change_to(step)) {}
        ~Running() { spent_.change_to(before_); }
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

      private:
        TimeSpent& spent_;
        std::string_view before_;
    };

    /// Returns the step that was running before; empty if none was.
    std::string_view change_to(std::string_view step);

    std::vector<Step> steps_;
    std::string_view now_;
    Clock::time_point since_ = Clock::now();
};

}  // namespace audio_ident::library
