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

/// Less similar tracks are not named: of twenty tracks one is nearer than this by chance.
inline constexpr double kDefaultMinSimilarity = 0.60;

/// A track that sounds like what was asked for.
struct SoundAlike {
    TrackId track;
    double similarity = 0;  ///< 0-1, see SimilarityScale
    /// Where in the track the clip's first sample would lie, were it from there; the nearest chunk where a whole track was
    /// asked for.
    double best_moment_seconds = 0;
    std::uint32_t matched_chunks = 0;  ///< chunks of the track that are similar enough by themselves
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

/// What sounds like this, down to the moment?
///
/// Each window of the clip finds the chunks nearest to it; the tracks that these lie in are then compared whole. A
/// window's score is the mean of the track's three nearest chunks, a track's score the mean over windows, weighted by
/// loudness; each further moment of the track that matches adds 0.01, 0.03 at most. Of tracks that are the same music
/// under several names, the nearest is named. Thread-safe.
class VibeLane {
  public:
    /// `reader` outlives the lane.
    VibeLane(index::VectorIndexReader& reader, SimilarityScale scale) : reader_(reader), scale_(scale) {}

    /// Tracks that sound like a clip, best first; empty for silence. Fails with timeout, and what the index fails with.
    Result<std::vector<SoundAlike>> search(std::span<const embedding::Chunk> clip, const VibeOptions& options) const;
    /// Tracks that sound like a track, or like the ten seconds of it from `at_seconds`; the track itself is left out,
    /// and what is the same music under another name. nullopt when it has no vectors here. The last chunk stands for a moment after it.
    Result<std::optional<std::vector<SoundAlike>>> similar(const TrackId& id, std::optional<double> at_seconds,
                                                           const VibeOptions& options) const;
    /// Tracks that fit a vector of text, with a scale of its own (measure_scale()).
    Result<std::vector<SoundAlike>> search_text(std::span<const float> text, const SimilarityScale& scale,
                                                const VibeOptions& options) const;

  private:
    index::VectorIndexReader& reader_;
    SimilarityScale scale_;
};

}  // namespace audio_ident::search
