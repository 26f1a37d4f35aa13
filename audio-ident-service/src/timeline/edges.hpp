#pragma once

#include "timeline/line.hpp"
#include "timeline/timeline.hpp"

namespace audio_ident::timeline {

/// When an entry begins and ends that is believed from the cell range's first cell, along `first`, to its last cell,
/// along `last` (the same line, or one that goes on from it). A track whose evidence rises slowly is faded in, or
/// covered by talk: it begins earlier than it is recognised; and the same at its end. Where little of the track lies
/// before the beginning or after the end, it is heard from its own beginning, or to its end. Within [0, seconds].
Span edges_of(const Line& first, const Line& last, CellRange cells, double seconds);

}  // namespace audio_ident::timeline
