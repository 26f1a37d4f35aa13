#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "search/confidence.hpp"
#include "search/verification.hpp"

namespace audio_ident::search {

/// Keeps the best alignment of each track while passes add theirs, and puts the best tracks in order.
class Ranking {
  public:
    void add(const Alignment& alignment);
    /// The few best tracks, refined and judged, best first.
    std::vector<Alignment> best(Verifier& verifier) const;

  private:
    std::unordered_map<std::uint32_t, Alignment> by_track_;
};

/// The features of the alignment at `place`, seen against the others.
MatchFeatures features_of(const std::vector<Alignment>& ranked, std::size_t place, double clip_seconds);

}  // namespace audio_ident::search
