#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <span>

#include "catalog/catalog.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/reader.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::search {

/// A library that the vibe lane searches, with its model; the library may grow meanwhile. The scale of similarity is
/// measured at the first search, and anew when the library has grown or shrunk by a quarter; it is kept in a file, where that
/// can be written. Thread-safe.
class VibeLibrary {
  public:
    /// All outlive it. `vectors` are of the embedder's space.
    VibeLibrary(catalog::Catalog& catalog, index::VectorIndexReader& vectors, const embedding::Embedder& embedder,
                std::filesystem::path scale_file)
        : catalog_(catalog), vectors_(vectors), embedder_(embedder), scale_file_(std::move(scale_file)) {}

    const embedding::Embedder& embedder() const { return embedder_; }
    index::VectorIndexReader& vectors() const { return vectors_; }

    /// The lane as the library stands. Fails with not_available when no track has vectors; the message says what to run.
    Result<VibeLane> lane(const Deadline& deadline);
    /// Tracks that fit a text. Fails as lane() does, and with unsupported when the model reads no text.
    Result<std::vector<SoundAlike>> search_text(std::string_view text, const VibeOptions& options);

  private:
    /// Of tracks all over the library.
    Result<std::vector<index::TrackVectors>> sample(const Deadline& deadline) const;

    catalog::Catalog& catalog_;
    index::VectorIndexReader& vectors_;
    const embedding::Embedder& embedder_;
    std::filesystem::path scale_file_;
    std::mutex mutex_;
    std::optional<SimilarityScale> scale_;
};

}  // namespace audio_ident::search
