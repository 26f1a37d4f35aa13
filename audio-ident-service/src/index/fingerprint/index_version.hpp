#pragma once

#include <filesystem>

#include "core/result.hpp"
#include "index/fingerprint/lmdb_store.hpp"
#include "index/lmdb/guard.hpp"

namespace audio_ident::index {

inline constexpr LmdbName kFingerprintIndexName{"fingerprint index", "audio-ident rebuild-index"};

/// Fails with unsupported when this program does not read the index's format or its fingerprints.
Result<void> check_version(const MetaRecord& meta, const std::filesystem::path& folder);

/// Reads the state record and checks its version. Throws Corrupt when there is none.
Result<MetaRecord> read_checked_meta(const lmdb::Transaction& transaction, const Tables& tables,
                                     const std::filesystem::path& folder);

}  // namespace audio_ident::index
