#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "core/track_id.hpp"
#include "embedding/embedder.hpp"
#include "index/vector/reader.hpp"
#include "search/similarity.hpp"

namespace audio_ident::search {

/// Less similar tracks are left out by default: one track in twenty reaches this by chance.
inline constexpr double kDefaultMinSimilarity = 0.60;

/// A track that sounds like the query.
struct SoundAlike {
    TrackId track;
    double similarity = 0;  ///< 0-1, see SimilarityScale
    /// Where the clip's first sample would be if the clip came from this track. For a query of a whole track, where the
    /// nearest chunk begins.
    double best_moment_seconds = 0;
    std::uint32_t matched_chunks = 0;  ///< chunks of the track that alone reach the least similarity
};

enum class Order {
    nearest,  ///< most similar first
    diverse   ///< similar to the query and not to each other: maximal marginal relevance (Carbonell & Goldstein 1998)
};

struct VibeOptions {
    std::size_t max_results = 10;
    double min_similarity = kDefaultMinSimilarity;
    Order order = Order::nearest;
    Deadline deadline = {};
};

/// Finds tracks that sound like a clip, and the moment of each that is most alike.
///
/// Each window of the clip finds its nearest chunks. The tracks of these chunks are then compared as a whole. A
/// window's score is the mean cosine of the track's three nearest chunks. A track's score is the mean over the windows,
/// weighted by loudness. Each further moment of the track that matches adds 0.01, and 0.03 at most. When several tracks
/// are the same music, only the nearest is reported. Thread-safe.
class VibeLane {
  public:
    /// `reader` must outlive the lane.
    VibeLane(index::VectorIndexReader& reader, SimilarityScale scale) : reader_(reader), scale_(scale) {}

    /// Tracks that sound like a clip, best first; empty for silence. Fails with timeout, and the errors of the index.
    Result<std::vector<SoundAlike>> search(std::span<const embedding::Chunk> clip, const VibeOptions& options) const;
    /// Tracks that sound like a track, or like the ten seconds of it from `at_seconds`. The track itself is left out,
    /// and so are other tracks with the same music. A moment after the last chunk means the last chunk. nullopt when
    /// the track has no vectors in this index.
    Result<std::optional<std::vector<SoundAlike>>> similar(const TrackId& id, std::optional<double> at_seconds,
                                                           const VibeOptions& options) const;
    /// Tracks that fit the vector of a text. `scale` is measured for this text (measure_scale()).
    Result<std::vector<SoundAlike>> search_text(std::span<const float> text, const SimilarityScale& scale,
                                                const VibeOptions& options) const;

  private:
    index::VectorIndexReader& reader_;
    SimilarityScale scale_;
};

}  // namespace audio_ident::search
