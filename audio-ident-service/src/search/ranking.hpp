#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "search/confidence.hpp"
#include "search/judged.hpp"

namespace audio_ident::search {

/// Collects the placements of all passes, keeps the best of each track, and ranks the tracks.
class Ranking {
  public:
    void add(const Placed& placed);
    /// Whether one track is so far ahead that best() is worth its cost.
    bool has_leader() const;
    /// The few best tracks, refined and judged, best first.
    std::vector<Judged> best(const Comparison& comparison) const;
    /// Other places in the match's track that the clip may come from, refined and judged, best first.
    std::vector<Judged> elsewhere(const Judged& match, const Comparison& comparison) const;

  private:
    // The places of each track, each with its best placement.
    std::unordered_map<std::uint32_t, std::vector<Placed>> by_track_;
};

/// The features of `match`, which compare it with the best matches of other tracks; with what chance gives, where
/// `ranked` has fewer than four others.
MatchFeatures features_of(const Judged& match, const std::vector<Judged>& ranked, double clip_seconds,
                          double library_hours);

}  // namespace audio_ident::search
