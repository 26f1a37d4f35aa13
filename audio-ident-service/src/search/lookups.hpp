#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"

namespace audio_ident::search {

/// Two peaks of a clip that may be a landmark of its recording.
struct ClipPair {
    fingerprint::ClipPeak first;
    fingerprint::ClipPeak second;
    std::uint32_t rank = 0;  ///< of the second peak among the partners of the first; 0: the strongest
    float chance = 0;        ///< of being a landmark of the recording that the clip comes from, 0-1
};

/// The pairs of the first `phases` phases, likeliest first: each peak with its `fan_out` strongest partners. They are
/// denser than a track's landmarks and reach a tenth farther, so that they also serve other speeds and pitches.
std::vector<ClipPair> clip_pairs(const fingerprint::Clip& clip, std::size_t fan_out, std::size_t phases);

/// The key that a pair has under a transform.
struct PairQuery {
    std::uint32_t first_bin = 0;
    int step_bins = 0;
    float span_frames = 0;
    std::int32_t frame = 0;  ///< of the first peak

    int nearest_span() const { return static_cast<int>(span_frames + 0.5F); }
    /// Looks up all spans from `shortest` to `longest`, both in [kMinPairFrames, kMaxPairFrames].
    index::Lookup lookup(int shortest, int longest) const {
        return {fingerprint::make_key(first_bin, step_bins, static_cast<std::uint32_t>(shortest)),
                fingerprint::make_key(first_bin, step_bins, static_cast<std::uint32_t>(longest)), frame};
    }
};

/// nullopt when the transformed pair is outside the range of landmarks.
std::optional<PairQuery> pair_query(const ClipPair& pair, const fingerprint::Transform& transform);

/// Postings that one look-up of an ordinary clip finds on average, with its tolerance of a frame to either side.
std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot);

/// The look-ups for these pairs under a transform, sorted by `first`. `pairs` are sorted likeliest first. Each look-up
/// has a tolerance of a frame to either side. When that would read more than `budget` postings, single keys are looked
/// up instead: those with the best chance of a hit for the length of their lists. No list is cut short.
std::vector<index::Lookup> lookups_of(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                                      const fingerprint::Transform& transform, std::uint64_t budget);

}  // namespace audio_ident::search
