#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "index/fingerprint/posting_shard.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/records.hpp"

namespace audio_ident::index {

/// What a snapshot knows about the index besides single records: its segments with their shards. A reader makes it once
/// for each committed state, and the snapshots of that state share it. Thread-safe once it is made.
class SnapshotState {
  public:
    struct Segment {
        SegmentNumber number = 0;
        SegmentRecord record = {};
        std::vector<ContentsEntry> contents = {};
        std::vector<Key> shard_begins = {};             // the last value is the end of the segment's keys
        std::vector<Bytes> shard_bytes = {};            // as long as the state lives; empty in a state without shards
        mutable std::vector<PostingShard> shards = {};  // the first snapshot that needs a shard checks and opens it
        std::unique_ptr<std::atomic<bool>[]> opened = {};
    };

    TrackNumber first_current = 0;  ///< as MetaRecord has it
    std::vector<Segment> segments;
    std::vector<SegmentInfo> infos;
    IndexStats stats;

    /// Adds a segment, with its contents, where its shards begin and, unless they are empty, their bytes. Leaves out
    /// one that holds no keys yet. Throws Corrupt when shards are missing.
    void add(Segment segment);
    /// Counts a track that can be found.
    void add(const TrackRecord& track);

    /// Throws Corrupt when the shard is damaged.
    const PostingShard& shard(std::size_t segment, std::size_t number) const;

  private:
    mutable std::mutex opening_;
};

}  // namespace audio_ident::index
