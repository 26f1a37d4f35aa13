#pragma once

#include "core/track_id.hpp"
#include "library/cut_out.hpp"
#include "library/timelines.hpp"

// What a person changes in a timeline that is stored.

namespace audio_ident::library {

/// One of the entry's candidates takes the place of its track, which becomes a candidate. Returns false when no
/// candidate is this track; true without a change when the entry's track is.
bool choose(NamedEntry& entry, const TrackId& track);

/// The timeline without entries that were rejected: what no other entry covers of them is unknown.
RecordingTimeline without_rejected(RecordingTimeline timeline);

/// The stretch is an accepted entry of this track now, instead of the gaps that it covers.
void put_learned(RecordingTimeline& timeline, const Stretch& stretch, const catalog::Track& track);

}  // namespace audio_ident::library
