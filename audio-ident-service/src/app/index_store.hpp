#pragma once

#include <filesystem>
#include <memory>

#include "config/settings.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "index/vector/qdrant_vector_index.hpp"
#include "library/backends.hpp"

namespace audio_ident::app {

/// The index of both lanes: LMDB, with the vectors beside the fingerprints or in Qdrant, as the settings say.
/// `executor` outlives it.
Result<std::unique_ptr<library::IndexStore>> open_index_store(const config::Settings& settings, library::Access access,
                                                              Executor& executor);

/// As library::Backends::open_stations().
Result<std::unique_ptr<library::IndexStore>> open_stations_store(const std::filesystem::path& folder,
                                                                 library::Access access, Executor& executor);

index::QdrantServer qdrant_server(const config::QdrantSettings& settings);

}  // namespace audio_ident::app
