#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/reader.hpp"

namespace audio_ident::search {

/// Turns the cosines of one model into a similarity of 0-1 that means the same for every model: straight lines through
///
///   0.30  what half of the library's tracks are to a piece of another one, or more
///   0.60  what one in twenty is
///   0.80  what one in two hundred is
///   1     the same vector
struct SimilarityScale {
    double typical = 0;
    double near = 0;
    double very_near = 0;
    std::uint64_t tracks = 0;  ///< in the library when it was measured; 0: it was not

    double similarity(double cosine) const;
    bool operator==(const SimilarityScale&) const = default;
};

/// What a model says of itself, for libraries too small to tell.
SimilarityScale usual_scale(const embedding::Model& model);

/// Fewer tracks have no distribution to speak of.
inline constexpr std::size_t kFewestForScale = 40;
/// Tracks of a library that are looked at.
inline constexpr std::size_t kScaleSample = 160;

/// How near a track comes to one vector.
struct Nearness {
    double best = 0;        ///< cosine of the nearest chunk
    double best_three = 0;  ///< mean over the three nearest; over all when there are fewer

    /// A chunk that is the very piece counts, and so does how much of the track sounds like it.
    double score() const { return (best + best_three) / 2; }
};
/// From the cosines of the track's chunks; zeros without any.
Nearness nearness(std::span<const double> cosines);
/// The score of a piece of music, or a text, for a track.
double nearness_score(std::span<const float> query, const index::TrackVectors& track);
/// Product of two vectors of one length.
double dot(std::span<const float> a, std::span<const float> b);

/// Measures how near pieces of some tracks (kScaleSample are enough) lie to the others; `library_tracks` is kept with it.
/// nullopt for fewer than kFewestForScale with vectors.
std::optional<SimilarityScale> measure_scale(std::span<const index::TrackVectors> sample, std::uint64_t library_tracks);
/// The same for one query that is no piece of music: what the tracks are to it.
SimilarityScale measure_scale(std::span<const index::TrackVectors> sample, std::span<const float> query);

/// Stored beside the library, with the space it was measured in. nullopt when there is no such file, it is damaged, or of
/// another space: it is only measured anew then.
std::optional<SimilarityScale> read_scale(const std::filesystem::path& file, const std::string& space);
/// Replaces the file in one step.
Result<void> write_scale(const std::filesystem::path& file, const std::string& space, const SimilarityScale& scale);

}  // namespace audio_ident::search
