#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/executor.hpp"
#include "fingerprint/clip.hpp"
#include "index/fingerprint/reader.hpp"
#include "search/comparison.hpp"
#include "search/evidence.hpp"
#include "search/lookups.hpp"
#include "search/ranking.hpp"
#include "search/voting.hpp"

namespace audio_ident::search {

/// Which claims ClipSearch::complete() works on, and whether it looks for other places.
struct Claims {
    double min_confidence = kDefaultMinConfidence;
    bool other_places = false;
};

/// One analysis of a clip, and what the passes over it have found so far. For one thread, which shares a pass with the
/// executor's.
class ClipSearch {
  public:
    /// `samples` as ExactLane::search() takes them; `phases` as fingerprint::Clip does; `threads`: that a pass may use. The
    /// snapshot and the executor outlive it.
    ClipSearch(const index::FingerprintSnapshot& snapshot, std::span<const float> samples, std::size_t phases,
               Executor& executor, std::size_t threads);
    ClipSearch(const ClipSearch&) = delete;  // its comparison refers to its clip
    ClipSearch& operator=(const ClipSearch&) = delete;

    const fingerprint::Clip& clip() const { return clip_; }
    const index::FingerprintSnapshot& snapshot() const { return snapshot_; }
    double library_hours() const { return library_hours_; }
    bool has_leader() const { return ranking_.has_leader(); }

    /// Looks the pairs up under each of these transforms, for at most so many postings and candidates each, and places the
    /// candidates.
    void pass(std::span<const ClipPair> pairs, std::span<const fingerprint::Transform> transforms,
              std::uint64_t postings, std::size_t candidates);

    /// The best tracks so far, best first.
    std::vector<Evidence> conclude() const;
    /// Adds to conclude()'s answer what only the claimed matches need.
    void complete(std::vector<Evidence>& evidence, const Claims& claims) const;

  private:
    const index::FingerprintSnapshot& snapshot_;
    Executor& executor_;
    fingerprint::Clip clip_;
    Comparison comparison_;
    std::vector<Voter> voters_;  // one a thread
    Ranking ranking_;
    double library_hours_;
};

}  // namespace audio_ident::search
