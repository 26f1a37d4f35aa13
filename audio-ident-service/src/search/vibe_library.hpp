#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <span>

#include "catalog/catalog.hpp"
#include "catalog/document_store.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/reader.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::search {

/// A library with its model, as the vibe lane searches it. The library may change in the meantime. The scale of
/// similarity is measured at the first search, and again when the library has grown or shrunk by a quarter. It is
/// stored in a document, if that can be written. Thread-safe.
class VibeLibrary {
  public:
    /// All arguments must outlive this object. `vectors` are of the embedder's space.
    VibeLibrary(catalog::Catalog& catalog, index::VectorIndexReader& vectors, const embedding::Embedder& embedder,
                catalog::DocumentStore& documents)
        : catalog_(catalog), vectors_(vectors), embedder_(embedder), documents_(documents) {}

    const embedding::Embedder& embedder() const { return embedder_; }
    index::VectorIndexReader& vectors() const { return vectors_; }

    /// The lane for the library as it is now. Fails with not_available when no track has vectors; the message names the
    /// command that helps.
    Result<VibeLane> lane(const Deadline& deadline);
    /// Another program has stored a scale: the next lane() reads it. Does not wait for anything.
    void forget_scale() { scale_is_old_ = true; }
    /// Tracks that fit a text. Fails like lane(), and with unsupported when the model reads no text.
    Result<std::vector<SoundAlike>> search_text(std::string_view text, const VibeOptions& options);

  private:
    /// The vectors of a random sample of tracks.
    Result<std::vector<index::TrackVectors>> sample(const Deadline& deadline) const;

    catalog::Catalog& catalog_;
    index::VectorIndexReader& vectors_;
    const embedding::Embedder& embedder_;
    catalog::DocumentStore& documents_;
    std::atomic<bool> scale_is_old_ = false;
    std::mutex mutex_;
    std::optional<SimilarityScale> scale_;
};

}  // namespace audio_ident::search
