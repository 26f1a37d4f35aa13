#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "config/settings.hpp"
#include "core/result.hpp"
#include "index/vector/qdrant_vector_index.hpp"

namespace audio_ident::app {

/// The stores of a library.
struct LibraryPlace {
    /// A folder of LMDB, or the URL of a PostgreSQL database.
    using Fingerprints = std::variant<std::filesystem::path, std::string>;
    /// A folder of LMDB, or Qdrant.
    using Vectors = std::variant<std::filesystem::path, index::QdrantServer>;

    std::string catalog;                       ///< sqlite://PATH or postgresql://…
    std::optional<Fingerprints> fingerprints;  ///< absent: a catalog alone
    std::optional<Vectors> vectors;            ///< likewise
};

/// The library that `name` names, see library::CopyRequest; its vectors where `vectors` says, unless that is empty.
/// Fails with invalid_input.
Result<LibraryPlace> find_library(const std::string& name, const std::string& vectors,
                                  const config::Settings& settings);

bool same_place(const LibraryPlace::Fingerprints& one, const LibraryPlace::Fingerprints& other);
bool same_place(const LibraryPlace::Vectors& one, const LibraryPlace::Vectors& other);
/// For messages, without secrets.
std::string location_of(const LibraryPlace::Fingerprints& place);
std::string location_of(const LibraryPlace::Vectors& place);

}  // namespace audio_ident::app
