#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace audio_ident::monitor {

/// How long to wait before the next try: half a second first, then twice as long each time, a minute at most; and up to
/// a half more or less, by chance, so that not all monitors return to a server at the same moment.
class Retry {
  public:
    explicit Retry(std::uint32_t seed) : random_(seed) {}

    std::chrono::milliseconds next() {
        const auto pause = pause_;
        pause_ = std::min(2 * pause_, kLongest);
        std::uniform_real_distribution<double> factor(0.5, 1.5);
        return std::chrono::duration_cast<std::chrono::milliseconds>(pause * factor(random_));
    }
    /// It works again.
    void reset() { pause_ = kFirst; }

  private:
    static constexpr std::chrono::milliseconds kFirst{500};
    static constexpr std::chrono::milliseconds kLongest{60'000};

    std::mt19937 random_;
    std::chrono::milliseconds pause_ = kFirst;
};

}  // namespace audio_ident::monitor
