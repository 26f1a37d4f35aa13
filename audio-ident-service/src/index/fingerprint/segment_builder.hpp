#pragma once

#include <cstdint>
#include <span>

#include "index/fingerprint/records.hpp"
#include "index/fingerprint/writer.hpp"

namespace audio_ident::index {

/// Returns the size to which the shards of a segment with this many postings are filled. It is a number of whole LMDB
/// pages, so that no space is lost and a small index can reuse any page. The number grows with the segment, so that a
/// segment has about a thousand shards at most.
std::size_t shard_bytes_for(std::uint64_t postings);

/// Writes sorted postings with keys in [key_begin, key_end) as shards of a segment. The caller commits.
void write_shards(MapTransaction& maps, SegmentNumber number, const SegmentRecord& segment, Key key_begin, Key key_end,
                  std::span<const Posting> postings);

/// Writes tracks that are not in the index as one new segment, with their peaks. The caller commits.
/// Throws what the store throws.
void write_segment(MapTransaction& maps, MetaRecord& meta, std::span<const TrackFingerprint* const> tracks);

}  // namespace audio_ident::index
