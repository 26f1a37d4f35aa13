#pragma once

#include <span>

#include "core/result.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::index {

/// Vectors and space fit each other: as many rows as starts, of the space's dimension, all finite. Else invalid_input.
Result<void> check_vectors(const VectorSpace& space, std::span<const TrackVectors> tracks);

/// Queries are whole rows of the space's dimension. Else invalid_input.
Result<void> check_queries(const VectorSpace& space, std::span<const float> queries);

}  // namespace audio_ident::index
