#include "library/time_spent.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace audio_ident::library {

std::string_view TimeSpent::change_to(std::string_view step) {
    const auto now = Clock::now();
    const auto find = [this](std::string_view name) {
        return std::ranges::find_if(steps_, [&](const Step& known) { return known.name == name; });
    };
    if (const auto running = find(now_); running != steps_.end()) running->time += now - since_;
    if (!step.empty() && find(step) == steps_.end()) steps_.push_back({step, {}});
    since_ = now;
    return std::exchange(now_, step);
}

std::string TimeSpent::text() const {
    std::string text;
    for (const Step& step : steps_) {
        text += fmt::format("{}{:.1f} s on {}", text.empty() ? "" : ", ",
                            std::chrono::duration<double>(step.time).count(), step.name);
    }
    return text;
}

}  // namespace audio_ident::library
