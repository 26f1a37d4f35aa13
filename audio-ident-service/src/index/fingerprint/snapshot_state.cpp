#include "index/fingerprint/snapshot_state.hpp"

#include <utility>

namespace audio_ident::index {

void SnapshotState::add(Segment segment) {
    const SegmentRecord& record = segment.record;
    if (record.key_begin >= record.key_end) return;
    // While a merge is under way, its target holds the keys up to key_end, and its sources hold those from key_begin
    // on.
    const std::size_t shards = segment.shard_begins.size();
    segment.shard_begins.push_back(record.key_end < fingerprint::kKeys ? record.key_end : fingerprint::kKeys);
    if (shards == 0 || segment.shard_begins.front() > record.key_begin) throw Corrupt("a segment lost its postings");
    if (!segment.shard_bytes.empty()) {
        segment.shards.resize(shards);
        segment.opened = std::make_unique<std::atomic<bool>[]>(shards);
    }
    infos.push_back({record.frames, record.postings});
    stats.postings += record.postings;
    ++stats.segments;
    segments.push_back(std::move(segment));
}

void SnapshotState::add(const TrackRecord& track) {
    ++stats.tracks;
    if (track.number < first_current) ++stats.outdated;
    stats.frames += track.frames;
}

const PostingShard& SnapshotState::shard(std::size_t segment, std::size_t number) const {
    const Segment& of = segments[segment];
    if (!of.opened[number].load(std::memory_order_acquire)) {
        const PostingShard view(of.shard_bytes[number], of.shard_begins[number], of.shard_begins[number + 1],
                                of.record.frames);
        const std::lock_guard lock(opening_);
        if (!of.opened[number].load(std::memory_order_relaxed)) {
            of.shards[number] = view;
            of.opened[number].store(true, std::memory_order_release);
        }
    }
    return of.shards[number];
}

}  // namespace audio_ident::index
