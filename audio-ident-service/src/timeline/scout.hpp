#pragma once

#include <vector>

#include "search/clip_search.hpp"

namespace audio_ident::timeline {

/// How much a window is searched: for clear tracks as recorded; for all tracks as recorded; also at other speeds and
/// pitches, which costs several times as much.
enum class Effort { quick, thorough, transformed };

struct Scouted {
    std::vector<search::Evidence> found;
    Effort effort = Effort::quick;  ///< that was needed
};

/// Whether the window fits clearly better here than a little beside. A sure one that is not sharp may be two places.
bool is_sharp(const search::Evidence& found);

/// The tracks that the window may come from, best first, however little speaks for them: whether they are heard is
/// decided over the whole recording. Makes no more effort than `effort`, and less when the answer is sure before.
Scouted scout(search::ClipSearch& window, Effort effort);

}  // namespace audio_ident::timeline
