#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace audio_ident::library {

/// What a lane spent its time on, for the message of a search that was late. For one thread.
class TimeSpent {
  public:
    using Clock = std::chrono::steady_clock;

    /// Runs `work` and counts its time as that of `step`, not as that of a step around it.
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

    /// The step that is running until the end of a block.
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

    /// Returns the step that was running; empty: none.
    std::string_view change_to(std::string_view step);

    std::vector<Step> steps_;
    std::string_view now_;
    Clock::time_point since_ = Clock::now();
};

}  // namespace audio_ident::library
