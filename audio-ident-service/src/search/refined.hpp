#pragma once

#include <optional>

#include "search/placed.hpp"

namespace audio_ident::search {

struct Judged;

/// The second stage of the verification: offset, time ratio and pitch ratio that fit best near where the clip was placed.
struct Refined : Placement {};

/// Climbs from the placement to the best fit near it. A ratio near 1 that gains little over 1 becomes 1.
Refined refine(const Comparison& comparison, const Placement& from);

/// Tries time ratios up to a fifth away, turned about several places of the clip: the thorough pass finds a clip at
/// another tempo by a part of it. nullopt when no ratio fits clearly better.
std::optional<Refined> retime(const Comparison& comparison, const Placement& from);

/// Where only a part of the clip agrees with the track, the best fit of that part alone: the rest, which is something
/// else, pulls ratios and offset towards chance. nullopt where most of the clip agrees. z and peaks are the part's.
std::optional<Refined> refine_by_matched_part(const Comparison& comparison, const Judged& match);

}  // namespace audio_ident::search
