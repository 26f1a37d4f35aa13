#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::ingest {

/// The part of an embedding that the stores keep.
struct TrackEmbedding {
    std::string model;  ///< its name
    unsigned dimension = 0;
    index::TrackVectors vectors;                          ///< the caller sets their id
    std::optional<std::vector<catalog::TagWeight>> tags;  ///< nullopt: the model gives none
};

/// Keeps the tags that mean something: the ten likeliest that reach kMinTagProbability.
TrackEmbedding track_embedding(const embedding::Model& model, embedding::Embedding embedding);

inline constexpr double kMinTagProbability = 0.05;

/// Sets the row's columns about its embedding; nullptr: it has none.
void set_embedding(catalog::Track& row, const TrackEmbedding* embedding);

}  // namespace audio_ident::ingest
