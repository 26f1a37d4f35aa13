#pragma once

#include <optional>
#include <vector>

#include "index/vector/track_vectors.hpp"
#include "search/similarity.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::search {

/// one_place: the windows of the query follow each other like those of a clip. anywhere: each may match anywhere.
enum class Sequence { one_place, anywhere };

/// A query: unit vectors, row after row.
struct VibeQuery {
    std::size_t dimension = 0;
    std::vector<float> rows;
    std::vector<double> weights;        ///< one for each row; they sum to 1
    std::vector<double> start_seconds;  ///< one for each row, relative to the first row
    Sequence sequence = Sequence::one_place;

    std::size_t count() const { return weights.size(); }
    std::span<const float> row(std::size_t i) const { return std::span(rows).subspan(i * dimension, dimension); }
};

/// Adds a row. normalise() then makes the weights sum to 1.
void add_row(VibeQuery& query, std::span<const float> row, double weight, double start_seconds);
void normalise(VibeQuery& query);

/// Compares the query with a whole track of at least one chunk (see VibeLane).
SoundAlike compare(const VibeQuery& query, const index::TrackVectors& track, const SimilarityScale& scale,
                   double min_similarity);

/// Mean direction of a track's chunks: a unit vector.
std::vector<float> centroid(const index::TrackVectors& track);

/// Whether two tracks are the same music, such as two encodings of one recording: their chunks are nearly the same,
/// with a shift of up to two chunks.
bool same_music(const index::TrackVectors& a, const index::TrackVectors& b);

}  // namespace audio_ident::search
