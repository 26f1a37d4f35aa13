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

/// Which matches ClipSearch::complete() completes, and whether it also looks for other places in their tracks.
struct Claims {
    double min_confidence = kDefaultMinConfidence;
    bool other_places = false;
};

/// A place in the index that the clip may come from, before it is verified.
struct Hypothesis {
    Candidate candidate;
    fingerprint::Transform transform;
};

/// One analysis of a clip, and what the passes over it have found so far. Not thread-safe; each pass also uses threads
/// of the executor.
class ClipSearch {
  public:
    /// `samples` are as for ExactLane::search(), `phases` as for fingerprint::Clip. A pass uses `threads` threads at
    /// most. The snapshot and the executor must outlive this object.
    ClipSearch(const index::FingerprintSnapshot& snapshot, std::span<const float> samples, std::size_t phases,
               Executor& executor, std::size_t threads);
    ClipSearch(const ClipSearch&) = delete;  // comparison_ refers to clip_
    ClipSearch& operator=(const ClipSearch&) = delete;

    const fingerprint::Clip& clip() const { return clip_; }
    const index::FingerprintSnapshot& snapshot() const { return snapshot_; }
    double library_hours() const { return library_hours_; }
    bool has_leader() const { return ranking_.has_leader(); }

    /// Looks the pairs up under each of these transforms, and places the candidates. `postings` and `candidates` are
    /// limits for each transform.
    void pass(std::span<const ClipPair> pairs, std::span<const fingerprint::Transform> transforms,
              std::uint64_t postings, std::size_t candidates);
    /// The two halves of a pass: the look-ups, and the placements of what they, or the search of an earlier part of the
    /// clip, have found. place() gives the z of each, 0 where no track is.
    std::vector<Hypothesis> vote(std::span<const ClipPair> pairs, std::span<const fingerprint::Transform> transforms,
                                 std::uint64_t postings, std::size_t candidates);
    std::vector<float> place(std::span<const Hypothesis> hypotheses);
    /// Announces place() to a snapshot that is far. place() does so itself; it pays for several calls together.
    void announce(std::span<const Hypothesis> hypotheses) const;

    /// The best tracks so far, best first.
    std::vector<Evidence> conclude() const;
    /// Adds the figures that only matches above claims.min_confidence need to an answer of conclude().
    void complete(std::vector<Evidence>& evidence, const Claims& claims) const;

  private:
    const index::FingerprintSnapshot& snapshot_;
    Executor& executor_;
    fingerprint::Clip clip_;
    Comparison comparison_;
    std::vector<Voter> voters_;  // one for each thread
    Ranking ranking_;
    double library_hours_;
};

}  // namespace audio_ident::search
