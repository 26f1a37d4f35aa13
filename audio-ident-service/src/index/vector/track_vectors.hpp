#pragma once

#include <string>
#include <vector>

#include "core/track_id.hpp"

namespace audio_ident::index {

/// Vectors that can be compared with each other: those of one version of one model.
struct VectorSpace {
    std::string name;  ///< embedding::Model::space(): "musicnn@1"
    unsigned dimension = 0;

    bool operator==(const VectorSpace&) const = default;
};

/// One track's chunks, sorted by start.
struct TrackVectors {
    TrackId id;
    std::vector<float> start_seconds;  ///< where each chunk begins
    std::vector<float> values;         ///< unit vectors, row after row
};

}  // namespace audio_ident::index
