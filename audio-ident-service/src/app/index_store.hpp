#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/vector/qdrant_vector_index.hpp"
#include "library/backends.hpp"

namespace audio_ident::app {

/// The index of both lanes, as the settings say: fingerprints in LMDB or PostgreSQL, vectors in LMDB or Qdrant.
/// `executor` outlives it.
Result<std::unique_ptr<library::IndexStore>> open_index_store(const config::Settings& settings, library::Access access,
                                                              Executor& executor);

/// As library::Backends::open_stations().
Result<std::unique_ptr<library::IndexStore>> open_stations_store(const std::filesystem::path& folder,
                                                                 library::Access access, Executor& executor);

/// As library::Backends::erase_index().
Result<void> erase_index_store(const config::Settings& settings);
/// Whether the settings put anything into LMDB.
bool uses_lmdb(const config::Settings& settings);
/// Where the fingerprint index is, for messages; without secrets.
std::string index_location(const config::Settings& settings);

index::QdrantServer qdrant_server(const config::QdrantSettings& settings);

}  // namespace audio_ident::app
