#pragma once

#include <cstdint>
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

/// The look-ups for a clip under a transform: its landmarks, denser than a reference's, each with a tolerance of a
/// frame. Sorted.
std::vector<index::Lookup> clip_lookups(const fingerprint::Clip& clip, const fingerprint::Transform& transform,
                                        std::size_t fan_out);

/// The `most` candidates with the most votes over all segments, best first. Only local maxima count.
std::vector<Candidate> vote(const index::FingerprintSnapshot& snapshot, const std::vector<index::Lookup>& lookups,
                            std::size_t most);

}  // namespace audio_ident::search
