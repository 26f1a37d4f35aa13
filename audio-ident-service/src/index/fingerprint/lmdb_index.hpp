#pragma once

#include <filesystem>
#include <memory>

#include "core/result.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/fingerprint/writer.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The fingerprint index in an LMDB environment: a log of segments, merged as they grow. Readers never wait and see the
/// last committed state; other processes may read and write the same folder. Open a folder once a process.
class LmdbFingerprintIndex {
  public:
    /// `read_write` makes the folder and the tables. Fails with not_available (no such index, no permission, disk
    /// full), unsupported (another format version: the message says what to run), corrupt.
    static Result<std::unique_ptr<LmdbFingerprintIndex>> open(const std::filesystem::path& folder, lmdb::Access access);
    ~LmdbFingerprintIndex();

    /// Live as long as this object.
    FingerprintIndexReader& reader();
    FingerprintIndexWriter& writer();

  private:
    struct Impl;
    explicit LmdbFingerprintIndex(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace audio_ident::index
