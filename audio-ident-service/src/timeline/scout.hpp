#pragma once

#include <vector>

#include "search/clip_search.hpp"

namespace audio_ident::timeline {

/// How much a window is searched: one that known lines explain is looked over for others that are heard at the same
/// time.
enum class Effort { quick, full };

/// The tracks that the window may come from, best first, however little speaks for them: whether they are heard is
/// decided over the whole recording.
std::vector<search::Evidence> scout(search::ClipSearch& window, Effort effort);

}  // namespace audio_ident::timeline
