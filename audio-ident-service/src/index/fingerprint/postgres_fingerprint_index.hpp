#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "index/fingerprint/map_writer.hpp"
#include "index/fingerprint/postgres_peaks.hpp"
#include "index/fingerprint/postgres_shards.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/postgres/postgres_map_store.hpp"

namespace audio_ident::index {

/// The fingerprint index in a PostgreSQL database, which `audio-ident db upgrade` has prepared. The same records as in
/// LMDB. Any number of programs may read it; writers take turns. Readers never wait for writers.
class PostgresFingerprintIndex final : private FingerprintIndexReader {
  public:
    struct Settings {
        std::string url;              ///< as lib::PostgresConnection::open() takes it
        std::size_t cache_bytes = 0;  ///< of the index that are kept in memory, a quarter of them for peaks
        std::optional<ShardCopy::Settings> copy = {};  ///< of its shards on disk; nullopt: none
    };
    enum class IfMissing { create, refuse };

    /// Fails with not_available (the server does not answer; there is no index), unsupported (no tables; another
    /// version), corrupt.
    static Result<std::unique_ptr<PostgresFingerprintIndex>> open(const Settings& settings, IfMissing if_missing,
                                                                  const Deadline& deadline);
    /// Removes the index, whatever it contains. Fails with not_available, unsupported (no tables).
    static Result<void> erase(const std::string& url, const Deadline& deadline);

    FingerprintIndexReader& reader() { return *this; }
    MapFingerprintWriter& writer() { return writer_; }
    /// How many statements the snapshots that have ended read with, for measurements.
    std::uint64_t statements() const { return statements_; }
    /// Of the last snapshot.
    std::optional<std::uint64_t> generation();
    /// Of the index, in memory.
    std::uint64_t cached_bytes() { return shards_.bytes() + peaks_.bytes(); }
    /// Of the index, in the local copy.
    std::uint64_t copied_bytes() { return shards_.copied_bytes(); }

  private:
    explicit PostgresFingerprintIndex(const Settings& settings);

    Result<std::unique_ptr<FingerprintSnapshot>> snapshot(const Deadline& deadline) override;

    PostgresMapStore store_;
    MapFingerprintWriter writer_;
    PostgresShards shards_;
    PostgresPeaks peaks_;
    std::atomic<std::uint64_t> statements_ = 0;
    std::mutex mutex_;
    std::shared_ptr<const PostgresState> state_;  ///< of the last snapshot; shared with the snapshots of that state
};

}  // namespace audio_ident::index
