#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/document_store.hpp"
#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/reader.hpp"

namespace audio_ident::search {

/// Maps the cosines of one model to a similarity of 0-1 that means the same for every model. The map is linear between
/// these points:
///
///   0.30  the cosine that half of the library's tracks reach with a passage of another track
///   0.60  the cosine that one track in twenty reaches
///   0.80  the cosine that one track in two hundred reaches
///   1     the same vector
struct SimilarityScale {
    double typical = 0;
    double near = 0;
    double very_near = 0;
    std::uint64_t tracks = 0;  ///< in the library when the scale was measured; 0: not measured

    double similarity(double cosine) const;
    bool operator==(const SimilarityScale&) const = default;
};

/// The scale that comes with a model, for libraries that are too small to measure one.
SimilarityScale usual_scale(const embedding::Model& model);

/// Libraries with fewer tracks are too small to measure a scale.
inline constexpr std::size_t kFewestForScale = 40;
/// Tracks of a library that the measurement looks at.
inline constexpr std::size_t kScaleSample = 160;

/// How near a track comes to one vector.
struct Nearness {
    double best = 0;        ///< cosine of the nearest chunk
    double best_three = 0;  ///< mean cosine of the three nearest chunks, or of all when there are fewer

    /// The best chunk finds the very passage; the best three say how much of the track sounds like it.
    double score() const { return (best + best_three) / 2; }
};
/// Computed from the cosines of the track's chunks; zeros for a track without chunks.
Nearness nearness(std::span<const double> cosines);
/// The score of a track for the vector of a passage or a text.
double nearness_score(std::span<const float> query, const index::TrackVectors& track);
/// Dot product of two vectors of the same length.
double dot(std::span<const float> a, std::span<const float> b);

/// Measures how near passages of the sampled tracks (kScaleSample are enough) are to the other tracks. The scale keeps
/// `library_tracks`. nullopt when fewer than kFewestForScale tracks have vectors.
std::optional<SimilarityScale> measure_scale(std::span<const index::TrackVectors> sample, std::uint64_t library_tracks);
/// The same for one query that is not music, such as a text: measures how near the tracks are to it.
SimilarityScale measure_scale(std::span<const index::TrackVectors> sample, std::span<const float> query);

/// The document that holds a library's scale.
inline constexpr const char* kSimilarityDocument = "similarity.json";
/// nullopt when there is no such document, or it cannot be read, is damaged, or belongs to another space: the caller
/// then measures again.
std::optional<SimilarityScale> read_scale(catalog::DocumentStore& documents, const std::string& space,
                                          const Deadline& deadline);
/// Fails as DocumentStore does.
Result<void> write_scale(catalog::DocumentStore& documents, const std::string& space, const SimilarityScale& scale,
                         const Deadline& deadline);

}  // namespace audio_ident::search
