#pragma once

#include "timeline/listener.hpp"
#include "timeline/timeline.hpp"

namespace audio_ident::timeline {

/// The timeline of what was heard. Entries with less than `min_confidence` are left out before the gaps are told.
Timeline timeline_of(const Heard& heard, double min_confidence);

}  // namespace audio_ident::timeline
