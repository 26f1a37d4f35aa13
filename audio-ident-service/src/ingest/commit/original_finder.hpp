#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"
#include "ingest/commit/duplicate_candidates.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/commit/track_batch.hpp"
#include "ingest/examine/examiner.hpp"

namespace audio_ident::ingest {

/// What the tracks that begin like an analysed file are to it.
struct Relatives {
    std::optional<catalog::Track> original = {};  ///< the same recording, from beginning to end
    std::optional<catalog::Track> kin = {};       ///< if there is no original: the one that has most in common with it
    double common_seconds = 0;                    ///< of sound that the kin has too
};

/// Finds the track that holds the same music as an analysed file, in the catalog or in the batch that is about to be
/// stored. Chromaprint proposes; the whole recordings decide. On the thread that runs the ingest.
class OriginalFinder {
  public:
    /// `duplicates` null: the same music is welcome, and nothing is ever found. All outlive it.
    OriginalFinder(const Stores& stores, DuplicateCandidates* duplicates, const MusicComparison& compare,
                   Examiner& examiner, const TrackBatch& batch)
        : stores_(stores), duplicates_(duplicates), compare_(compare), examiner_(examiner), batch_(batch) {}

    /// Looks at all tracks but `self`. Fails when a store fails.
    Result<Relatives> find(const TrackId& self, const Analysis& analysis);
    /// A track that is about to be stored.
    Result<void> add(const TrackId& id, const Analysis& analysis);

  private:
    Result<std::optional<std::string>> chromaprint_of(const TrackId& id);
    Result<std::optional<catalog::Track>> row_of(const TrackId& id);
    /// Absent when the index does not have the track, or has an earlier fingerprint of it and its file is unreadable.
    Result<std::optional<Overlap>> overlap(const Analysis& analysis, const catalog::Track& known);
    Result<std::optional<Overlap>> overlap_with_file(const Recording& fresh, const catalog::Track& known);

    const Stores& stores_;
    DuplicateCandidates* duplicates_;
    const MusicComparison& compare_;
    Examiner& examiner_;
    const TrackBatch& batch_;
};

}  // namespace audio_ident::ingest
