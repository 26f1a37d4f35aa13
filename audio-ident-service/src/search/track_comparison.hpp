#pragma once

#include <optional>
#include <vector>

#include "index/vector/track_vectors.hpp"
#include "search/similarity.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::search {

/// Whether the windows of a query follow each other as those of a clip, so that they have one place in a track.
enum class Sequence { one_place, anywhere };

/// What is looked for: unit vectors, row after row.
struct VibeQuery {
    std::size_t dimension = 0;
    std::vector<float> rows;
    std::vector<double> weights;        ///< a row; sum 1
    std::vector<double> start_seconds;  ///< a row; from the first one's
    Sequence sequence = Sequence::one_place;

    std::size_t count() const { return weights.size(); }
    std::span<const float> row(std::size_t i) const { return std::span(rows).subspan(i * dimension, dimension); }
};

/// Adds a row; weights are made to sum to 1 by normalise().
void add_row(VibeQuery& query, std::span<const float> row, double weight, double start_seconds);
void normalise(VibeQuery& query);

/// Compares a whole track, with at least one chunk, with the query (see VibeLane).
SoundAlike compare(const VibeQuery& query, const index::TrackVectors& track, const SimilarityScale& scale,
                   double min_similarity);

/// Mean direction of a track's chunks: a unit vector.
std::vector<float> centroid(const index::TrackVectors& track);

/// Whether two tracks are the same music: chunk by chunk nearly the same, as another encoding of a recording is, with up to
/// two chunks' shift.
bool same_music(const index::TrackVectors& a, const index::TrackVectors& b);

}  // namespace audio_ident::search
