#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "search/confidence.hpp"
#include "search/verification.hpp"

namespace audio_ident::search {

/// Keeps the best alignments of each track while passes add theirs, and puts the best tracks in order.
class Ranking {
  public:
    void add(const Alignment& alignment);
    /// Whether one track is far enough ahead for best() to be worth its cost.
    bool has_leader() const;
    /// The few best tracks, refined and judged, best first.
    std::vector<Alignment> best(Verifier& verifier) const;
    /// The other places in the match's track that the clip may come from as well, refined and judged, best first.
    std::vector<Alignment> elsewhere(const Alignment& match, Verifier& verifier) const;

  private:
    // By track: its places, each with its best alignment.
    std::unordered_map<std::uint32_t, std::vector<Alignment>> by_track_;
};

/// The features of `match`, seen against the best alignments of other tracks.
MatchFeatures features_of(const Alignment& match, const std::vector<Alignment>& ranked, double clip_seconds,
                          double library_hours);

}  // namespace audio_ident::search
