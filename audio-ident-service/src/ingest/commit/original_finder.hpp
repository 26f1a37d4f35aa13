#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"
#include "ingest/commit/duplicate_index.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/commit/track_batch.hpp"
#include "ingest/examine/analyzer.hpp"

namespace audio_ident::ingest {

/// Finds the track that holds the same music as an analysed file, in the catalog or in the batch that is about to be
/// stored. On the thread that runs the ingest.
class OriginalFinder {
  public:
    /// With `duplicates` null the same music may be added again, and nothing is ever found. All arguments must outlive
    /// this object.
    OriginalFinder(const Stores& stores, DuplicateIndex* duplicates, const TrackBatch& batch)
        : stores_(stores), duplicates_(duplicates), batch_(batch) {}

    /// The row of the track with the same music, other than `self`. Fails when the catalog fails.
    Result<std::optional<catalog::Track>> find(const TrackId& self, const Analysis& analysis);
    /// A track that is about to be stored.
    Result<void> add(const TrackId& id, const Analysis& analysis);

  private:
    Result<std::optional<std::string>> chromaprint_of(const TrackId& id);

    const Stores& stores_;
    DuplicateIndex* duplicates_;
    const TrackBatch& batch_;
};

}  // namespace audio_ident::ingest
