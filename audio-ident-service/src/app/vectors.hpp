#pragma once

#include <functional>
#include <memory>
#include <span>

#include "app/graph_keeper.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"
#include "index/fingerprint/lmdb_index.hpp"
#include "index/vector/qdrant_vector_index.hpp"

namespace audio_ident::app {

/// The vectors of one space, where the settings keep them: beside the fingerprints, or in Qdrant.
class Vectors {
  public:
    /// `index` outlives it. Fails as QdrantVectorIndex::open() does.
    static Result<std::unique_ptr<Vectors>> open(const config::QdrantSettings& settings,
                                                 index::LmdbFingerprintIndex& index, const index::VectorSpace& space,
                                                 const Deadline& deadline);

    index::VectorIndexReader& reader() { return qdrant_ ? qdrant_->reader() : lmdb_->reader(); }
    index::VectorIndexWriter& writer() { return qdrant_ ? qdrant_->writer() : lmdb_->writer(); }
    /// Of this and the fingerprints.
    index::BothLanesWriter& lanes() { return *lanes_; }
    /// From now on what a large library's search is made fast with is kept up to date in the background. Qdrant sees to
    /// that itself.
    void keep_graph() {
        if (lmdb_) keeper_ = std::make_unique<GraphKeeper>(*lmdb_);
    }

  private:
    std::unique_ptr<index::LmdbVectorIndex> lmdb_;
    std::unique_ptr<index::QdrantVectorIndex> qdrant_;
    std::unique_ptr<index::BothLanesWriter> lanes_;
    std::unique_ptr<GraphKeeper> keeper_;  // of lmdb_: gone before it
};

/// How tracks leave a vector store beside the fingerprint index (ingest::Stores); empty where there is none.
std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors(
    const config::QdrantSettings& settings);

/// Of the settings.
index::QdrantServer qdrant_server(const config::QdrantSettings& settings);

}  // namespace audio_ident::app
