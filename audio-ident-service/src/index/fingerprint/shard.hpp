#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "index/store/maps.hpp"

namespace audio_ident::index {

/// Names a shard by its bytes: the first half of their SHA-256, which the database keeps with each shard (migration
/// 0013). So it does not matter which index or database the bytes come from.
struct ShardHash {
    std::array<std::byte, 16> bytes{};

    auto operator<=>(const ShardHash&) const = default;

    static ShardHash of(Bytes shard);
    /// As PostgreSQL has it. Throws Corrupt when the size does not fit.
    static ShardHash read(Bytes bytes);
};

struct HashOfShardHash {
    std::size_t operator()(const ShardHash& hash) const {
        std::size_t number = 0;
        std::memcpy(&number, hash.bytes.data(), sizeof number);
        return number;
    }
};

/// The bytes of a shard, and where they are.
struct Shard {
    enum class Place { memory, copy };

    Bytes bytes;
    std::shared_ptr<const void> owner;  ///< keeps the bytes; shared with all that use the shard
    Place place = Place::memory;
};

using Shards = std::unordered_map<ShardHash, Shard, HashOfShardHash>;

}  // namespace audio_ident::index
