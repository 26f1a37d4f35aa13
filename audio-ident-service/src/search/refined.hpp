#pragma once

#include <limits>
#include <optional>

#include "search/placed.hpp"

namespace audio_ident::search {

struct Judged;

/// The second stage of the verification: the offset, time ratio and pitch ratio that fit best near a placement.
struct Refined : Placement {};

/// Climbs from the placement to the best fit near it. A ratio near 1 becomes 1 when it fits hardly better than 1.
Refined refine(const Comparison& comparison, const Placement& from);
/// The same in offset alone, by what the given rows say. z and peaks are those of the rows.
Refined refine_offset(const Comparison& comparison, const Placement& from, RowRange rows);

/// Tries time ratios up to a fifth away, turned about several places of the clip. This finds the tempo of a clip of
/// which the thorough pass has only found a part. nullopt when no ratio fits clearly better. Ends early at a ratio with
/// more than `enough` z.
std::optional<Refined> retime(const Comparison& comparison, const Placement& from,
                              float enough = std::numeric_limits<float>::infinity());

/// The best fit of the part of the clip that agrees with the track; the rest is something else, and would shift offset
/// and ratios at random. z and peaks are those of the part. nullopt when most of the clip agrees.
std::optional<Refined> refine_by_matched_part(const Comparison& comparison, const Judged& match);

}  // namespace audio_ident::search
