#pragma once

#include <vector>

#include "search/placed.hpp"

namespace audio_ident::search {

/// A stretch of the clip, in seconds from its first sample.
struct Span {
    double begin = 0;
    double end = 0;

    bool operator==(const Span&) const = default;
};

/// What further plays of a short track in the same clip add to the evidence (plays.hpp).
struct Plays {
    float evidence = 1;   ///< z of all plays together / z of the match
    float votes = 0;      ///< of the further plays
    float explained = 0;  ///< share of the clip's strongest peaks that the further plays have
};

/// The last stage of the verification: a placement with all the evidence for the confidence.
struct Judged : Placement {
    float sharpness = 0;        ///< (z − mean of z at offsets nearby) / standard deviation of z there
    float pitch_sharpness = 0;  ///< the same for other pitches
    std::uint32_t hits = 0;     ///< peaks where the map is clearly high
    float coherence = 0;        ///< share of the clip's half seconds that agree by themselves, 0-1
    float balance = 0;          ///< z of the weakest of four quarters (earlier or later, lower or higher) / z
    float explained = 0;        ///< share of the clip's strongest peaks that the track also has, 0-1
    Plays plays;
    std::vector<Span> spans;  ///< stretches of the clip that agree with the track
};

/// Needs about a hundred projections, so it is only for the best few placements.
Judged judge(const Comparison& comparison, const Placement& placement);

/// Whether `lesser` is another version of `better`: it fits worse, and mostly where both tracks have the same peaks.
bool is_other_version(const Comparison& comparison, const Judged& lesser, const Judged& better);

}  // namespace audio_ident::search
