#include "app/vectors.hpp"

namespace audio_ident::app {

index::QdrantServer qdrant_server(const config::QdrantSettings& settings) {
    return {.url = settings.url, .api_key = settings.api_key, .collection_name = settings.collection_name};
}

std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors(
    const config::QdrantSettings& settings) {
    if (settings.mode == config::StoreMode::embedded) return {};
    return [server = qdrant_server(settings)](std::span<const TrackId> ids, const Deadline& deadline) {
        return index::QdrantVectorIndex::remove_everywhere(server, ids, deadline);
    };
}

Result<std::unique_ptr<Vectors>> Vectors::open(const config::QdrantSettings& settings,
                                               index::LmdbFingerprintIndex& index, const index::VectorSpace& space,
                                               const Deadline& deadline) {
    auto vectors = std::make_unique<Vectors>();
    if (settings.mode == config::StoreMode::embedded) {
        vectors->lmdb_ = index.vectors(space);
        vectors->lanes_ = index.both_lanes(space);
        return vectors;
    }
    auto qdrant = index::QdrantVectorIndex::open(qdrant_server(settings), space, deadline);
    if (!qdrant) return forward(qdrant);
    vectors->qdrant_ = std::move(*qdrant);
    vectors->lanes_ = std::make_unique<index::SeparateLanesWriter>(index.writer(), vectors->qdrant_->writer());
    return vectors;
}

}  // namespace audio_ident::app
