#pragma once

#include <memory>
#include <mutex>

#include "index/fingerprint/lmdb_snapshot.hpp"
#include "index/fingerprint/reader.hpp"
#include "index/lmdb/lmdb_maps.hpp"

namespace audio_ident::index {

/// Reads the fingerprint index in an LMDB environment.
class LmdbFingerprintReader final : public FingerprintIndexReader {
  public:
    /// Both outlive it.
    LmdbFingerprintReader(const IndexEnvironment& environment, const Tables& tables)
        : environment_(environment), tables_(tables) {}

    Result<std::unique_ptr<FingerprintSnapshot>> snapshot(const Deadline& deadline) override;

  private:
    Result<std::shared_ptr<const LmdbState>> state_at(const lmdb::Transaction& transaction);

    const IndexEnvironment& environment_;
    const Tables& tables_;
    std::mutex mutex_;
    std::shared_ptr<const LmdbState> state_;  ///< of the last snapshot; shared with the snapshots of that state
};

}  // namespace audio_ident::index
