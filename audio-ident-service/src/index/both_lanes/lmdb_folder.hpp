#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/store/maps.hpp"
#include "index/vector/lmdb_vector_index.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The LMDB environment of a library, opened without asking what state its fingerprint index is in, for copies. See
/// LmdbIndex for everything else. A process must not open the same folder twice.
class LmdbFolder {
  public:
    /// `read_write` makes the folder and an empty index. Null when `read_only` finds nothing. Fails with not_available,
    /// unsupported, corrupt. `executor` outlives it.
    static Result<std::unique_ptr<LmdbFolder>> open(const std::filesystem::path& folder, lmdb::Access access,
                                                    Executor& executor);
    ~LmdbFolder();

    /// The maps of the fingerprint index.
    MapStore& maps();
    /// The spaces that hold vectors.
    Result<std::vector<VectorSpace>> vector_spaces(const Deadline& deadline) const;
    /// The result refers to this object.
    std::unique_ptr<LmdbVectorIndex> vectors(VectorSpace space) const;

  private:
    struct Impl;
    explicit LmdbFolder(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
