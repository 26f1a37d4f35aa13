#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "timeline/repeats.hpp"

namespace audio_ident::timeline {

/// In buckets [begin, end) of the tape one sound is heard, or a part of it.
struct Occurrence {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t sound = 0;
};

/// The sounds that are heard at least twice, as the repeats tell: what repeats the same stretch is the same sound.
/// Where a stretch repeats two sounds, it is cut. By beginning, without overlaps. `pieces` as for find_repeats().
std::vector<Occurrence> sounds_of(std::vector<Repeat> repeats, std::span<const Piece> pieces);

}  // namespace audio_ident::timeline
