#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "index/fingerprint/records.hpp"

namespace audio_ident::index {

enum class MergeEffort {
    keep_up,  ///< after a write: keeps the number of segments low at little cost a posting
    tidy,     ///< after an ingest: few segments, without removed tracks
};

/// Returns the segments to merge next, sorted by number; nullopt when the index is in order.
std::optional<std::vector<SegmentNumber>> choose_merge(const MapView& maps, MergeEffort effort);

/// Makes an empty target segment and marks the sources. The caller commits.
void begin_merge(MapTransaction& maps, MetaRecord& meta, const std::vector<SegmentNumber>& sources);

/// Moves the next range of keys, about 64 MB at most, from the sources to the target; the last step ends the merge.
/// Every step leaves the index whole, because readers take each key from the segment that holds it now. The caller
/// commits. False when no merge is under way.
bool step_merge(MapTransaction& maps, MetaRecord& meta, MergeEffort effort);

}  // namespace audio_ident::index
