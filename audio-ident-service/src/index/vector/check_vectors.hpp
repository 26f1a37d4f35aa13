#pragma once

#include <span>

#include "core/result.hpp"
#include "index/vector/track_vectors.hpp"

namespace audio_ident::index {

/// Checks that the vectors fit the space: as many rows as starts, of the space's dimension, all finite. Fails with
/// invalid_input.
Result<void> check_vectors(const VectorSpace& space, std::span<const TrackVectors> tracks);

/// Checks that the queries are whole rows of the space's dimension. Fails with invalid_input.
Result<void> check_queries(const VectorSpace& space, std::span<const float> queries);

}  // namespace audio_ident::index
