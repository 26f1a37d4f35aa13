#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "timeline/peak_buckets.hpp"

namespace audio_ident::timeline {

/// A stretch of a tape that was heard without a break: buckets [begin, end).
struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
    /// The first bucket of the first piece that belongs together with this one: nothing known was heard between them.
    std::size_t together_from = 0;
    /// What comes before this bucket was compared with all earlier sound already, and is not compared again.
    std::size_t compared_until = 0;
};

/// Buckets [begin, end) of the tape are heard a second time: they sound like those `lag_frames` before.
struct Repeat {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint32_t lag_frames = 0;
    float weight = 0;  ///< of the evidence: the logarithm of how much likelier that is when this is true
};

/// A song repeats itself: within pieces that belong together, two places less than this apart are not compared.
inline constexpr double kLeastRepeatSeconds = 180;

/// What the tape has more than once, at the same speed. `pieces` in order, at least two buckets apart. After a stop,
/// what was found so far.
std::vector<Repeat> find_repeats(const PeakBuckets& tape, std::span<const Piece> pieces,
                                 const std::stop_token& stop = {});

}  // namespace audio_ident::timeline
