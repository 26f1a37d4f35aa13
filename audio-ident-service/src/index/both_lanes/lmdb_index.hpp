#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "index/both_lanes/both_lanes_writer.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/lmdb_vector_index.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The indexes of both lanes in one LMDB environment: one fingerprint index, and the vectors of any number of spaces. A
/// track changes in both lanes in one transaction. Readers never wait, and see the last committed state. Other
/// processes may read and write the same folder; a process must not open it twice.
class LmdbIndex {
  public:
    /// `read_write` makes the folder and the tables. Fails with not_available (no such index, no permission, disk
    /// full), unsupported (another format version: the message says what to run), corrupt. `executor`, which scans the
    /// vectors, outlives it.
    static Result<std::unique_ptr<LmdbIndex>> open(const std::filesystem::path& folder, lmdb::Access access,
                                                   Executor& executor);
    ~LmdbIndex();

    /// The fingerprint index; both live as long as this object. The writer's remove() removes the tracks' vectors of
    /// all spaces too.
    FingerprintIndexReader& reader();
    FingerprintIndexWriter& writer();

    /// The vectors of one space, and a writer for both lanes. They refer to this object, which outlives them.
    std::unique_ptr<LmdbVectorIndex> vectors(VectorSpace space, std::size_t graph_from = kGraphFromChunks) const;
    std::unique_ptr<BothLanesWriter> both_lanes(VectorSpace space);
    /// The spaces that hold vectors.
    Result<std::vector<VectorSpace>> vector_spaces(const Deadline& deadline) const;
    /// Removes a space with all its vectors, if there is one of that name.
    Result<void> drop_vector_space(const std::string& name, const Deadline& deadline);

  private:
    struct Impl;
    explicit LmdbIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
