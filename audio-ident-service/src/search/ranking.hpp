#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "search/confidence.hpp"
#include "search/judged.hpp"

namespace audio_ident::search {

/// Keeps the best placements of each track while passes add theirs, and puts the best tracks in order.
class Ranking {
  public:
    void add(const Placed& placed);
    /// Whether one track is far enough ahead for best() to be worth its cost.
    bool has_leader() const;
    /// The few best tracks, refined and judged, best first.
    std::vector<Judged> best(const Comparison& comparison) const;
    /// The other places in the match's track that the clip may come from as well, refined and judged, best first.
    std::vector<Judged> elsewhere(const Judged& match, const Comparison& comparison) const;

  private:
    // By track: its places, each with its best placement.
    std::unordered_map<std::uint32_t, std::vector<Placed>> by_track_;
};

/// The features of `match`, beside the best matches of other tracks.
MatchFeatures features_of(const Judged& match, const std::vector<Judged>& ranked, double clip_seconds,
                          double library_hours);

}  // namespace audio_ident::search
