#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::ingest {

/// What the stores keep of an embedding.
struct TrackEmbedding {
    std::string model;  ///< its name
    unsigned dimension = 0;
    index::TrackVectors vectors;                          ///< whose id the caller sets
    std::optional<std::vector<catalog::TagWeight>> tags;  ///< nullopt: the model gives none
};

/// Of the tags those that mean something: the ten likeliest, as far as they reach kMinTagProbability.
TrackEmbedding track_embedding(const embedding::Model& model, embedding::Embedding embedding);

inline constexpr double kMinTagProbability = 0.05;

/// The row's columns that say how it is embedded; nullptr: not.
void set_embedding(catalog::Track& row, const TrackEmbedding* embedding);

}  // namespace audio_ident::ingest
