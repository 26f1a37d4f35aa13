#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/fingerprint/shard.hpp"
#include "index/fingerprint/snapshot_state.hpp"
#include "lib/soci/postgres_connection.hpp"

namespace audio_ident::index {

/// The index in one committed state as PostgreSQL has it, but for its peaks and the bytes of its shards.
struct PostgresState final : SnapshotState {
    struct ShardKey {
        SegmentNumber segment = 0;
        Key first = 0;

        auto operator<=>(const ShardKey&) const = default;
    };

    std::int64_t epoch = 0;                            ///< of the index (migrations/postgresql)
    std::vector<std::byte> meta;                       ///< the state record
    std::uint64_t generation = 0;                      ///< as it says
    std::vector<std::pair<TrackNumber, TrackId>> ids;  ///< of the tracks that can be found, by number
    std::map<ShardKey, ShardHash> hashes;              ///< of all shards of its segments

    bool is_newer_than(const PostgresState& other) const {
        return std::pair(epoch, generation) > std::pair(other.epoch, other.generation);
    }

    /// Of a shard of one of the segments.
    const ShardHash& hash_of(SegmentNumber segment, Key first) const { return hashes.at({segment, first}); }

    /// Reads the state within a transaction, with one statement. Returns `known` when that is it; otherwise the whole
    /// state is read. nullptr when there is no index. Fails with unsupported (another version). Throws what SOCI
    /// throws, and Corrupt.
    static Result<std::shared_ptr<const PostgresState>> load(lib::PostgresConnection& connection,
                                                             const std::shared_ptr<const PostgresState>& known,
                                                             const std::string& location);
};

}  // namespace audio_ident::index
