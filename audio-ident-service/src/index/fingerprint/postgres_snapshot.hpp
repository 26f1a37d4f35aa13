#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "index/fingerprint/postgres_peaks.hpp"
#include "index/fingerprint/postgres_shards.hpp"
#include "index/fingerprint/stored_snapshot.hpp"
#include "index/postgres/postgres_map_store.hpp"

namespace audio_ident::index {

/// A snapshot that is a transaction of PostgreSQL: what it may still read is there until it ends. It reads all shards
/// at once when the first is needed, and peaks when they are announced; neither when the process has them already.
class PostgresSnapshot final : public StoredSnapshot {
  public:
    /// `store`, `shards`, `peaks` and `statements` outlive it. `transaction` is one of `connection`; `state` was read
    /// in it. Adds the statements that have read something to `statements` when it ends.
    PostgresSnapshot(const PostgresMapStore& store, PostgresShards& shards, PostgresPeaks& peaks,
                     PostgresMapStore::Lease connection, std::unique_ptr<lib::Transaction> transaction,
                     std::shared_ptr<const PostgresState> state, std::atomic<std::uint64_t>& statements);
    ~PostgresSnapshot() override;
    PostgresSnapshot(const PostgresSnapshot&) = delete;
    PostgresSnapshot& operator=(const PostgresSnapshot&) = delete;

    bool is_far() const override { return true; }
    void expect_peaks(std::span<const PeakRange> ranges) const override;

  protected:
    const SnapshotState& with_shards() const override;
    bool is_there(TrackNumber track) const override;
    std::optional<TrackId> id_of(TrackNumber track) const override;
    void read_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end, const SeeBlock& see) const override;
    Error failure() const override;

  private:
    /// Blocks of one track.
    struct BlockRange {
        TrackNumber track;
        std::uint32_t first;
        std::uint32_t end;
    };

    static std::uint64_t key_of(TrackNumber track, std::uint32_t block) { return std::uint64_t{track} << 32 | block; }
    bool has_peaks(TrackNumber track, std::uint32_t first, std::uint32_t end) const;
    void take_kept_peaks(const BlockRange& range) const;
    void fetch_peaks(std::span<const BlockRange> ranges) const;

    const PostgresMapStore& store_;
    std::atomic<std::uint64_t>& statements_;
    std::uint64_t statements_before_;  ///< of the connection, without that of the state
    PostgresShards& shards_;
    PostgresPeaks& peaks_;
    const std::shared_ptr<const PostgresState> ids_;
    mutable std::mutex using_;  ///< the connection
    mutable PostgresMapStore::Lease connection_;
    std::unique_ptr<lib::Transaction> transaction_;  ///< ends before the connection goes back
    mutable std::exception_ptr failed_;              ///< what reading the shards met
    mutable std::shared_ptr<const SnapshotState> complete_;
    mutable std::atomic<const SnapshotState*> complete_now_ = nullptr;
    mutable std::unordered_map<std::uint64_t, PostgresPeaks::Block> blocks_;  ///< of peaks; empty: there is none
    mutable std::unordered_set<TrackNumber> whole_tracks_;                    ///< all of whose blocks are there
};

}  // namespace audio_ident::index
