#pragma once

#include <vector>

#include "core/deadline.hpp"
#include "search/clip_search.hpp"

namespace audio_ident::search {

/// A match with this confidence ends the search after the quick pass. The limit is strict because the quick pass sees
/// little of the clip.
inline constexpr double kSureAfterQuickPass = 0.995;
/// The same after the thorough pass and after transformed passes.
inline constexpr double kSureAfterThoroughPass = 0.95;

/// Whether the best track has at least this confidence.
bool at_least(const std::vector<Evidence>& evidence, double confidence);

// Each pass returns all evidence so far, best first.

/// Looks up a few landmarks of the clip as recorded. One phase is enough.
std::vector<Evidence> quick_pass(ClipSearch& search);
/// Looks up all landmarks of all phases of the clip as recorded.
std::vector<Evidence> thorough_pass(ClipSearch& search);
/// What transformed passes look up: these pairs under each of the transforms, likeliest first, that the search can
/// afford. `postings` and `candidates` are limits for each transform.
struct TransformedPlan {
    std::vector<ClipPair> pairs;
    std::vector<fingerprint::Transform> transforms;
    std::uint64_t postings = 0;
    std::size_t candidates = 0;
};
TransformedPlan transformed_plan(const ClipSearch& search);

/// Places of a pass as recorded that are worth verifying.
std::size_t thorough_candidates(const ClipSearch& search);
/// Tries other speeds, tempos and pitches, likeliest first. Ends when the answer is sure, the deadline passes, or the
/// search has read as many postings as it may.
std::vector<Evidence> transformed_passes(ClipSearch& search, const Deadline& deadline);

}  // namespace audio_ident::search
