#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "ingest/commit/remove_tracks.hpp"

namespace audio_ident::ingest {

/// Where catalog and index disagree; everything is empty when they agree. They disagree when an ingest was killed, or
/// when one of the two was restored from a backup without the other.
struct StoreDifferences {
    struct Half {
        TrackId id;
        std::string file_path;
    };
    std::vector<TrackId> finished;  ///< pending in the catalog, complete in the index: only the last step was missing
    std::vector<Half> unfinished;   ///< pending and not in the index: the file must be analysed again
    std::vector<Half> unindexed;    ///< ready in the catalog and not in the index: the file must be analysed again
    std::vector<TrackId> orphans;   ///< in the index without a row

    bool none() const { return finished.empty() && unfinished.empty() && unindexed.empty() && orphans.empty(); }
};

/// Compares the stores and changes nothing; doctor calls it too. Calls `visit` with every row that is ready and in the
/// index. Takes 16 bytes a track.
Result<StoreDifferences> compare_stores(const Stores& stores,
                                        const std::function<void(const catalog::FileRecord&)>& visit,
                                        const Deadline& deadline);

/// Settles what needs no decoding: finished rows become ready, unindexed ones become pending, orphans are removed. The
/// next ingest that meets the file of a pending row analyses it. The caller holds the library's lock.
Result<void> repair_stores(const Stores& stores, const StoreDifferences& differences, const ChangeLock& lock);

}  // namespace audio_ident::ingest
