#include "ingest/examine/track_embedding.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace audio_ident::ingest {

namespace {

constexpr std::size_t kMaxTags = 10;

}  // namespace

TrackEmbedding track_embedding(const embedding::Model& model, embedding::Embedding embedding) {
    TrackEmbedding result;
    result.model = model.name;
    result.dimension = model.dimension;
    result.vectors.values.reserve(embedding.chunks.size() * model.dimension);
    for (const embedding::Chunk& chunk : embedding.chunks) {
        result.vectors.start_seconds.push_back(static_cast<float>(chunk.start_seconds));
        result.vectors.values.insert(result.vectors.values.end(), chunk.vector.begin(), chunk.vector.end());
    }
    if (model.tag_names.empty()) return result;
    auto& tags = result.tags.emplace();
    for (std::size_t i = 0; i < embedding.tags.size(); ++i) {
        const double rounded = std::round(double(embedding.tags[i]) * 1000) / 1000;
        if (rounded >= kMinTagProbability) tags.push_back({model.tag_names[i], rounded});
    }
    std::ranges::stable_sort(tags, std::greater<>(), &catalog::TagWeight::probability);
    if (tags.size() > kMaxTags) tags.resize(kMaxTags);
    return result;
}

void set_embedding(catalog::Track& row, const TrackEmbedding* embedding) {
    row.embedding_model.reset();
    row.embedding_dim.reset();
    row.tags.clear();
    if (!embedding) return;
    row.embedding_model = embedding->model;
    row.embedding_dim = static_cast<int>(embedding->dimension);
    if (embedding->tags) row.tags = *embedding->tags;
}

}  // namespace audio_ident::ingest
