#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/records.hpp"
#include "index/lmdb/lmdb_maps.hpp"

namespace audio_ident::index {

/// What a snapshot knows about the index besides the mapped bytes. The reader makes it once for each committed state,
/// and the snapshots of that state share it (hence shared_ptr). Thread-safe.
struct SnapshotState {
    struct Segment {
        SegmentNumber number;
        SegmentRecord record;
        std::vector<ContentsEntry> contents;
        std::vector<Key> shard_begins;         // the last value is the end of the segment's keys
        std::vector<lmdb::Bytes> shard_bytes;  // in the map: the same bytes for every transaction of this state
        mutable std::vector<PostingShard> shards = {};  // the first snapshot that needs a shard checks and opens it
        std::unique_ptr<std::atomic<bool>[]> opened = {};
    };

    std::size_t transaction = 0;    ///< the id of the transaction whose state this is
    TrackNumber first_current = 0;  ///< as MetaRecord has it
    std::vector<Segment> segments;
    std::vector<SegmentInfo> infos;
    IndexStats stats;

    /// Throws Corrupt when the shard is damaged.
    const PostingShard& shard(std::size_t segment, std::size_t number) const;

    static std::shared_ptr<const SnapshotState> load(const lmdb::Environment& environment,
                                                     const lmdb::Transaction& transaction, const Tables& tables);

  private:
    mutable std::mutex opening_;
};

class LmdbSnapshot final : public FingerprintSnapshot {
  public:
    /// `environment` and `tables` outlive it.
    LmdbSnapshot(const IndexEnvironment& environment, std::unique_ptr<lmdb::Transaction> transaction,
                 const Tables& tables, std::shared_ptr<const SnapshotState> state);

    std::span<const SegmentInfo> segments() const override { return state_->infos; }
    void find(std::size_t segment, std::span<const Lookup> lookups, std::int32_t bias,
              std::vector<std::uint32_t>& offsets) const override;
    std::uint64_t count_bound(std::size_t segment, const Lookup& lookup) const override;
    std::optional<Location> locate(std::size_t segment, std::uint32_t position) const override;
    TrackId track_id(std::uint32_t track) const override;
    void peaks(std::uint32_t track, std::uint32_t first, std::uint32_t end,
               std::vector<fingerprint::Peak>& peaks) const override;
    const IndexStats& stats() const override { return state_->stats; }
    Result<void> status() const override;

  private:
    /// Runs the body of a method, which may throw; status() tells what it threw.
    template <typename Body>
    void attempt(Body&& body) const;
    /// To be called in a handler.
    void keep_failure() const;

    const IndexEnvironment& environment_;
    std::unique_ptr<lmdb::Transaction> transaction_;
    const Tables& tables_;
    std::shared_ptr<const SnapshotState> state_;
    mutable std::mutex failing_;
    mutable Result<void> status_;  ///< guarded by failing_
};

}  // namespace audio_ident::index
