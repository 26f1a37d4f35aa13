#pragma once

#include <cstdint>

namespace audio_ident::test {

/// A small generator (SplitMix64). Unlike the distributions in std, it gives the same numbers with every standard
/// library.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    /// Uniform in [low, high).
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform in [0, count). `count` is small and positive.
    int below(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }

  private:
    std::uint64_t state_;
};

}  // namespace audio_ident::test
