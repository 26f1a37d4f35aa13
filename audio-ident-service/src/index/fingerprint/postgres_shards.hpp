#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "index/fingerprint/postgres_state.hpp"
#include "index/fingerprint/shard_copy.hpp"

namespace audio_ident::index {

/// The shards of an index in PostgreSQL that a process has: those in the local copy, and others in memory, up to a
/// number of bytes. Shards never change, so they are kept from one state to the next. Thread-safe.
class PostgresShards {
  public:
    /// `copy`: nullopt for none.
    PostgresShards(std::size_t most_bytes, std::optional<ShardCopy::Settings> copy);
    /// Waits until the copy is written.
    ~PostgresShards();
    PostgresShards(const PostgresShards&) = delete;
    PostgresShards& operator=(const PostgresShards&) = delete;

    /// The state with all its shards. Those that are missing it takes from the copy; the others it reads with one
    /// statement, within the transaction in which `state` was read. Other threads wait for that, and then have them
    /// too. Begins to save what it read, when it is the first or much. Throws what SOCI throws, and Corrupt.
    std::shared_ptr<const SnapshotState> of(const std::shared_ptr<const PostgresState>& state,
                                            lib::PostgresConnection& connection);
    /// Of the shards that are kept in memory. Does not wait for a thread that reads some.
    std::uint64_t bytes() const { return kept_bytes_; }
    /// Of those that are in the copy.
    std::uint64_t copied_bytes() const { return copied_bytes_; }

  private:
    struct Complete final : SnapshotState {
        Shards shards;
    };
    using State = std::shared_ptr<const PostgresState>;  ///< shared with its snapshots

    static std::shared_ptr<const Complete> assemble(const PostgresState& state, Shards shards);
    static void read_missing(const PostgresState& state, Shards& shards, lib::PostgresConnection& connection);
    void keep(const State& state, const std::shared_ptr<const Complete>& complete);
    bool worth_saving(const State& state, const Shards& shards) const;
    void save(const State& state, const Complete& complete);
    void begin_to_save(const State& state, const std::shared_ptr<const Complete>& complete);
    void use_copy(const State& state, const Complete& complete);

    const std::size_t most_bytes_;
    std::optional<ShardCopy> copy_;
    std::mutex mutex_;
    State state_;  ///< the newest that was asked for
    Shards kept_;  ///< of that state
    std::atomic<std::size_t> kept_bytes_ = 0;
    std::atomic<std::size_t> copied_bytes_ = 0;
    std::weak_ptr<const Complete> complete_;  ///< of that state, while a snapshot uses it
    std::shared_ptr<const Complete> whole_;   ///< the same, where all of it may be kept
    State saved_;                             ///< the last state that was saved, or could not be
    std::atomic<bool> saves_ = false;
    std::thread saver_;  ///< writes the copy, so that no search waits for that; ends when it is written
};

}  // namespace audio_ident::index
