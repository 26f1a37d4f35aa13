#pragma once

#include <optional>

#include "search/placed.hpp"
#include "timeline/window.hpp"

namespace audio_ident::timeline {

/// A place in a window where the recording leaves one straight line through a track and goes on along another: a cut, a
/// skip, or a pause of a fraction of a second.
struct Edit {
    Cell at = 0;                    ///< the first cell of the second line
    search::Placement before = {};  ///< the line of what comes earlier, as a placement of the whole window
    search::Placement after = {};
};

/// The edit that explains the window clearly better than this placement does. Both lines run at one speed, and lie at
/// most half a second apart: farther ones are found as two.
std::optional<Edit> edit_in(const Window& window, const search::Placement& placement);

}  // namespace audio_ident::timeline
