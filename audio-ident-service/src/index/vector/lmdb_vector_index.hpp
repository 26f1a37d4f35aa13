#pragma once

#include <memory>
#include <optional>

#include "core/result.hpp"
#include "index/vector/lmdb_guard.hpp"
#include "index/vector/lmdb_vectors.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

inline constexpr LmdbName kVectorIndexName{"vector index", "audio-ident reembed"};

/// The vectors of one space, in the LMDB environment of the fingerprint index, which outlives this object. Every read
/// sees what any process committed last: the list of entries is made anew when the environment's last transaction is
/// another; vectors are compared where they lie in the mapped file.
///
/// `tables`: absent in an index that was opened for reading and has none; then there are no vectors.
class LmdbVectorIndex {
  public:
    LmdbVectorIndex(const lmdb::Environment& environment, std::optional<VectorTables> tables, VectorSpace space);
    ~LmdbVectorIndex();

    VectorIndexReader& reader();
    VectorIndexWriter& writer();
    /// As writer().add(), of vectors that were checked, within a transaction of the caller's. Throws what LMDB throws.
    Result<void> put(const lmdb::Transaction& transaction, std::span<const TrackVectors> tracks);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
