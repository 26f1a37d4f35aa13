#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "index/fingerprint/postgres_state.hpp"

namespace audio_ident::index {

/// The shards that a process has read from PostgreSQL. Shards never change, so they are kept from one state to the
/// next, up to a number of bytes. Thread-safe.
class PostgresShards {
  public:
    explicit PostgresShards(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// The state with all its shards. Reads those that are missing, with one statement, within the transaction in which
    /// `state` was read. Other threads wait for that, and then have them too. Throws what SOCI throws, and Corrupt.
    std::shared_ptr<const SnapshotState> of(const std::shared_ptr<const PostgresState>& state,
                                            lib::PostgresConnection& connection);
    /// Of the shards that are kept. Does not wait for a thread that reads some.
    std::uint64_t bytes() const { return kept_bytes_; }

  private:
    using Block = std::shared_ptr<const std::vector<std::byte>>;  ///< shared with the states that have this shard
    using Blocks = std::unordered_map<std::uint64_t, Block>;      ///< by segment and first key

    struct Complete final : SnapshotState {
        Blocks blocks;
    };

    static std::uint64_t key_of(SegmentNumber segment, Key first) { return std::uint64_t{segment} << 32 | first; }
    void read_missing(const PostgresState& state, Blocks& blocks, lib::PostgresConnection& connection) const;
    void keep(const std::shared_ptr<const PostgresState>& state, const std::shared_ptr<const Complete>& complete);

    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::shared_ptr<const PostgresState> state_;  ///< the newest that was asked for; shared with its snapshots
    Blocks kept_;                                 ///< of that state
    std::atomic<std::size_t> kept_bytes_ = 0;
    std::weak_ptr<const Complete> complete_;  ///< of that state, while a snapshot uses it
    std::shared_ptr<const Complete> whole_;   ///< the same, where all of it may be kept
};

}  // namespace audio_ident::index
