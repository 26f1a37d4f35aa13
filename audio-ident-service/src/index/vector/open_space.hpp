#pragma once

#include <optional>

#include "core/result.hpp"
#include "index/lmdb/index_environment.hpp"
#include "index/vector/lmdb_vectors.hpp"

namespace audio_ident::index {

inline constexpr IndexName kVectorIndexName{"vector index", "audio-ident reembed"};

/// One space of vectors in an LMDB environment, which must outlive this object.
struct OpenSpace {
    const IndexEnvironment& environment;
    std::optional<VectorTables> tables;  ///< absent in an index that was opened for reading and has none
    VectorSpace space;

    /// Its record; nullopt before its first vectors. Fails with unsupported when this program cannot read the space, or
    /// its vectors have another dimension. Throws what LMDB throws, and Corrupt for damage.
    Result<std::optional<SpaceRecord>> find(const lmdb::Transaction& transaction) const;
};

}  // namespace audio_ident::index
