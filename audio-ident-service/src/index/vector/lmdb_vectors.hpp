#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/track_id.hpp"
#include "index/vector/track_vectors.hpp"
#include "lib/lmdb/database.hpp"

namespace audio_ident::index {

/// The tables of chunk vectors in LMDB (docs/formats/vector-index.md). Everything here works within the caller's
/// transaction. It throws lmdb::LmdbError, and Corrupt for damage.

inline constexpr std::uint32_t kVectorFormatVersion = 1;
inline constexpr unsigned kVectorTables = 2;

/// Table "vector-spaces", key: VectorSpace::name. Every format begins with the first two numbers.
struct SpaceRecord {
    std::uint32_t format_version = kVectorFormatVersion;
    std::uint32_t number = 0;  ///< the space's number in the keys of table "vectors"
    std::uint32_t dimension = 0;
    std::uint32_t reserved = 0;
};

/// One track's entry in table "vectors", key: the space's number, TrackId. Valid as long as the bytes.
struct VectorEntry {
    TrackId id;
    std::uint32_t count = 0;            ///< of chunks
    const std::byte* starts = nullptr;  ///< float[count], seconds; unaligned
    const std::byte* scales = nullptr;  ///< float[count], unaligned
    const std::int8_t* rows = nullptr;  ///< [count][dimension], see quantised.hpp
};

SpaceRecord read_space_record(lmdb::Bytes bytes);
VectorEntry read_vector_entry(const TrackId& id, lmdb::Bytes bytes, std::size_t dimension);

struct VectorTables {
    VectorTables(const lmdb::Transaction& transaction, lmdb::IfMissing if_missing);
    /// nullopt in an index that was opened for reading and has no tables of vectors.
    static std::optional<VectorTables> open(const lmdb::Transaction& transaction, lmdb::Access access);

    std::optional<SpaceRecord> find_space(const lmdb::Transaction& transaction, const std::string& name) const;
    std::vector<VectorSpace> list_spaces(const lmdb::Transaction& transaction) const;
    /// Removes the space with all its vectors.
    void drop_space(const lmdb::Transaction& transaction, const std::string& name) const;

    /// Makes the space if it is missing. Replaces tracks that are there already.
    void put(const lmdb::Transaction& transaction, const VectorSpace& space,
             std::span<const TrackVectors> tracks) const;
    /// Removes a track from one space, or from all; false when it was not there.
    bool erase(const lmdb::Transaction& transaction, std::uint32_t space_number, const TrackId& id) const;
    bool erase_everywhere(const lmdb::Transaction& transaction, const TrackId& id) const;
    std::optional<VectorEntry> find(const lmdb::Transaction& transaction, const SpaceRecord& space,
                                    const TrackId& id) const;
    std::vector<VectorEntry> entries(const lmdb::Transaction& transaction, const SpaceRecord& space) const;

    lmdb::Database spaces, vectors;
};

}  // namespace audio_ident::index
