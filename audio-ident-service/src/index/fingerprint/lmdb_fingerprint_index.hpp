#pragma once

#include <filesystem>
#include <memory>

#include "core/result.hpp"
#include "index/fingerprint/index_version.hpp"
#include "index/fingerprint/lmdb_reader.hpp"
#include "index/fingerprint/map_writer.hpp"
#include "index/lmdb/lmdb_maps.hpp"

namespace audio_ident::index {

/// The fingerprint index in an LMDB environment: a log of segments, merged as they grow. Readers never wait, and see
/// the last committed state. Other processes may read and write it at the same time.
class LmdbFingerprintIndex {
  public:
    /// Opens the index within a transaction; one that may write makes it if it is missing, and the caller commits.
    /// `environment` outlives the index. Fails with not_available (there is no index), unsupported (another version:
    /// the message says what to run). Throws what LMDB throws, and Corrupt for damage.
    static Result<std::unique_ptr<LmdbFingerprintIndex>> open(const IndexEnvironment& environment,
                                                              const lmdb::Transaction& transaction,
                                                              lmdb::Access access);

    FingerprintIndexReader& reader() { return reader_; }
    MapFingerprintWriter& writer() { return writer_; }

  private:
    LmdbFingerprintIndex(const IndexEnvironment& environment, const Tables& tables)
        : tables_(tables),
          reader_(environment, tables_),
          store_(environment, tables_, kFingerprintIndexName),
          writer_(store_) {}

    Tables tables_;
    LmdbFingerprintReader reader_;
    LmdbMapStore store_;
    MapFingerprintWriter writer_;
};

}  // namespace audio_ident::index
