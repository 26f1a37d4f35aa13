#pragma once

#include <span>

#include "search/comparison.hpp"
#include "search/judged.hpp"
#include "search/placed.hpp"

namespace audio_ident::search {

/// Counts the further plays of a short track in one clip, such as a jingle that is heard five times in ten seconds, as
/// evidence for the match: sets Judged::plays. `places`: of the match's track. Plays do not overlap.
void count_plays(const Comparison& comparison, std::span<const Placed> places, Judged& match);

}  // namespace audio_ident::search
