#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "index/fingerprint/both_lanes.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/lmdb_vector_index.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The fingerprint index in an LMDB environment: a log of segments, merged as they grow. Readers never wait and see the
/// last committed state; other processes may read and write the same folder. Open a folder once a process.
///
/// The same environment holds the vectors of tracks, of any number of spaces. A track that is removed from the
/// fingerprint index loses its vectors in the same transaction.
class LmdbFingerprintIndex {
  public:
    /// `read_write` makes the folder and the tables. Fails with not_available (no such index, no permission, disk
    /// full), unsupported (another format version: the message says what to run), corrupt.
    static Result<std::unique_ptr<LmdbFingerprintIndex>> open(const std::filesystem::path& folder, lmdb::Access access);
    ~LmdbFingerprintIndex();

    /// Live as long as this object.
    FingerprintIndexReader& reader();
    FingerprintIndexWriter& writer();

    /// What follows refers to this object, which outlives it.
    std::unique_ptr<LmdbVectorIndex> vectors(VectorSpace space, std::size_t graph_from = kGraphFromChunks) const;
    /// Adds tracks with their vectors in one transaction.
    std::unique_ptr<BothLanesWriter> both_lanes(VectorSpace space);
    /// The spaces that hold vectors.
    Result<std::vector<VectorSpace>> vector_spaces(const Deadline& deadline) const;
    /// Removes a space with all its vectors; that there is none is fine.
    Result<void> drop_vector_space(const std::string& name, const Deadline& deadline);

  private:
    struct Impl;
    explicit LmdbFingerprintIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
