#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "timeline/edit.hpp"
#include "timeline/line.hpp"
#include "timeline/window.hpp"

namespace audio_ident::timeline {

/// What a window says about a line.
struct Trace {
    /// One value for each cell of the window, from its first: see Line::evidence.
    std::vector<float> evidence;
    /// Where the window clearly has what the track has, as row × kBins + bin, sorted.
    std::vector<std::uint32_t> hits;
    /// Where the line ends or begins in the window, and the track goes on along another.
    std::optional<Edit> edit;
};

/// Compares the track's peaks along the line with a window. Where the window agrees with the track a little beside the
/// line, or at a slightly different speed, the line gets a node there: it follows a drifting speed. It does not follow
/// beyond an edit.
Trace trace(const Window& window, Line& line);

/// The share of the hits of the one with fewer that the other has too, 0-1: near 1 for two versions of a recording, of
/// which only one is heard.
double shared_hits(const Trace& a, const Trace& b);

}  // namespace audio_ident::timeline
