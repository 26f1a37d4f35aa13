#pragma once

#include <cstdint>
#include <vector>

#include "index/fingerprint/reader.hpp"

namespace audio_ident::search {

/// A place in the index where landmarks of the clip agree.
struct Candidate {
    std::size_t segment = 0;
    std::int64_t offset = 0;  ///< position on the segment's timeline of the clip's first frame; may lie before 0
    float votes = 0;          ///< landmarks that agree on it, neighbouring offsets counted in part
};

/// Counts the places that the look-ups agree on. Reuses its memory from one call to the next. For one thread.
class Voter {
  public:
    /// The `most` candidates with the most votes over all segments, best first. Only local maxima count. `lookups` by
    /// `first`.
    std::vector<Candidate> vote(const index::FingerprintSnapshot& snapshot, const std::vector<index::Lookup>& lookups,
                                std::size_t most);

  private:
    void keep_crowded(std::size_t timeline, std::size_t most);
    void sort_into_parts(std::size_t timeline);

    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint32_t> scratch_;
    std::vector<std::size_t> part_ends_;
    std::vector<std::uint8_t> counts_;
};

}  // namespace audio_ident::search
