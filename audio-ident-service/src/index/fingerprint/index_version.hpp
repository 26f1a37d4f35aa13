#pragma once

#include <string>

#include "core/result.hpp"
#include "index/fingerprint/records.hpp"
#include "index/store/guard.hpp"

namespace audio_ident::index {

inline constexpr IndexName kFingerprintIndexName{"fingerprint index", "audio-ident rebuild-index"};

/// Fails with unsupported when this program does not read the index's format or its fingerprints.
Result<void> check_version(const MetaRecord& meta, const std::string& location);

/// Reads the state record and checks its version. Throws Corrupt when there is none.
Result<MetaRecord> read_checked_meta(const MapView& maps, const std::string& location);

/// Says that there is no fingerprint index.
Unexpected no_fingerprint_index(const std::string& location);

}  // namespace audio_ident::index
