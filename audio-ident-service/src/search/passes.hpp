#pragma once

#include <vector>

#include "core/deadline.hpp"
#include "search/clip_search.hpp"

namespace audio_ident::search {

/// The confidences that end a search after a pass. The quick pass is for clips that need no more: it has to be very sure.
inline constexpr double kSureAfterQuickPass = 0.995;
inline constexpr double kSureAfterThoroughPass = 0.95;  ///< and after transformed ones

/// Whether the best track has at least this confidence.
bool at_least(const std::vector<Evidence>& evidence, double confidence);

/// A few landmarks of the clip, as recorded. The search needs one phase. What is known then, best first; so the others.
std::vector<Evidence> quick_pass(ClipSearch& search);
/// All landmarks of the clip's phases, as recorded.
std::vector<Evidence> thorough_pass(ClipSearch& search);
/// The clip at other speeds, tempos and pitches, the likeliest first, until the answer is sure, the deadline passes or as much
/// has been read as a search may read.
std::vector<Evidence> transformed_passes(ClipSearch& search, const Deadline& deadline);

}  // namespace audio_ident::search
