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
    std::uint32_t rank = 0;  ///< of the second among the first's partners, the strongest 0
    float chance = 0;        ///< that it is a landmark, 0-1, where the clip does come from a recording
};

/// The clip's landmarks, denser than a reference's: each peak with its `fan_out` strongest partners, a tenth further than a
/// reference's reach, so that they serve other speeds and pitches too. Of the first `phases` phases. The likeliest first.
std::vector<ClipPair> clip_pairs(const fingerprint::Clip& clip, std::size_t fan_out, std::size_t phases);

/// What a pair asks of the index under a transform.
struct PairQuery {
    std::uint32_t first_bin = 0;
    int step_bins = 0;
    float span_frames = 0;
    std::int32_t frame = 0;  ///< of the first peak

    int nearest_span() const { return static_cast<int>(span_frames + 0.5F); }
    /// Spans in [kMinPairFrames, kMaxPairFrames].
    index::Lookup lookup(int shortest, int longest) const {
        return {fingerprint::make_key(first_bin, step_bins, static_cast<std::uint32_t>(shortest)),
                fingerprint::make_key(first_bin, step_bins, static_cast<std::uint32_t>(longest)), frame};
    }
};

/// nullopt where no landmark can be like it.
std::optional<PairQuery> pair_query(const ClipPair& pair, const fingerprint::Transform& transform);

/// Postings that a look-up of an ordinary clip finds, its tolerance of a frame to either side included.
std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot);

/// What to look up for these pairs under a transform, by `first`: each with a tolerance of a frame; or, where the index is so
/// large that this would read more than `budget` postings, the keys that are worth most: the likeliest to hit for the length
/// of their lists. No list is cut short. `pairs`: the likeliest first.
std::vector<index::Lookup> lookups_of(const index::FingerprintSnapshot& snapshot, std::span<const ClipPair> pairs,
                                      const fingerprint::Transform& transform, std::uint64_t budget);

}  // namespace audio_ident::search
