#pragma once

#include <cstdint>
#include <vector>

#include "index/fingerprint/reader.hpp"

namespace audio_ident::search {

/// A place in the index where landmarks of the clip agree.
struct Candidate {
    std::size_t segment = 0;
    std::int64_t offset = 0;  ///< position of the clip's first frame on the segment's timeline; may be negative
    float votes = 0;          ///< landmarks that agree on this place; neighbouring offsets count in part
};

/// Counts how many look-ups agree on each place. Reuses its memory from one call to the next. Not thread-safe.
class Voter {
  public:
    /// The `most` candidates with the most votes over all segments, best first. Only local maxima count. `lookups` are
    /// sorted by `first`.
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
