#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"

namespace audio_ident::search {

/// A place in the index where landmarks of the clip agree.
struct Candidate {
    std::size_t segment = 0;
    std::int64_t offset = 0;  ///< position on the segment's timeline of the clip's first frame; may lie before 0
    float votes = 0;          ///< landmarks that agree on it, neighbouring offsets counted in part
};

/// Two peaks of a clip that may be a landmark of its recording.
struct ClipPair {
    fingerprint::ClipPeak first;
    fingerprint::ClipPeak second;
};

/// The clip's landmarks, denser than a reference's: each peak with its `fan_out` strongest partners, a tenth further than a
/// reference's reach, so that they serve other speeds and pitches too. Of the first `phases` phases. Those of the
/// strongest peaks first: they are the most likely to be the recording's.
std::vector<ClipPair> clip_pairs(const fingerprint::Clip& clip, std::size_t fan_out, std::size_t phases);

/// What to look up for these pairs under a transform, each with a tolerance of a frame. In the pairs' order.
std::vector<index::Lookup> lookups_of(std::span<const ClipPair> pairs, const fingerprint::Transform& transform);

/// Postings that a look-up of an ordinary clip finds.
std::uint64_t expected_postings(const index::FingerprintSnapshot& snapshot);

/// Keeps what is worth most where the index is so large that all look-ups together would read more than `budget` postings:
/// the order they come in counts, and the length of their lists. No list is cut short. Returns them by `first`.
std::vector<index::Lookup> within_budget(const index::FingerprintSnapshot& snapshot, std::vector<index::Lookup> lookups,
                                         std::uint64_t budget);

/// Counts which places the look-ups agree on. Keeps its memory from one call to the next. For one thread.
class Voter {
  public:
    /// The `most` candidates with the most votes over all segments, best first. Only local maxima count. `lookups` by
    /// `first`.
    std::vector<Candidate> vote(const index::FingerprintSnapshot& snapshot, const std::vector<index::Lookup>& lookups,
                                std::size_t most);

  private:
    void keep_crowded(std::size_t timeline, std::size_t most);

    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint32_t> scratch_;
    std::vector<std::size_t> part_ends_;
    std::vector<std::uint8_t> counts_;
};

}  // namespace audio_ident::search
