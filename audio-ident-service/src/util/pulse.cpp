#include "util/pulse.hpp"

#include <algorithm>

namespace audio_ident::util {
namespace {

constexpr auto kBeat = std::chrono::milliseconds(200);
constexpr auto kStandstill = std::chrono::seconds(1);
constexpr std::size_t kMostGaps = 32;

}  // namespace

/// It is never destroyed, because searches may end after everything else.
Pulse& Pulse::of_process() {
    static auto& pulse = *new Pulse();
    return pulse;
}

Pulse::Pulse() : thread_([this] { run(); }) {
    thread_.detach();
}

void Pulse::run() {
    while (true) {
        std::this_thread::sleep_for(kBeat);
        const std::lock_guard lock(mutex_);
        const auto now = Clock::now();
        if (now - last_ >= kStandstill) {
            if (gaps_.size() == kMostGaps) gaps_.erase(gaps_.begin());
            gaps_.push_back({last_, now});
        }
        last_ = now;
    }
}

Pulse::Clock::duration Pulse::stood_still_since(Clock::time_point begin) const {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    Clock::duration sum{};
    const auto add = [&](const Gap& gap) {
        const auto from = std::max(gap.from, begin);
        if (gap.to > from) sum += gap.to - from;
    };
    for (const Gap& gap : gaps_) add(gap);
    if (now - last_ >= kStandstill) add({last_, now});
    return sum;
}

}  // namespace audio_ident::util
