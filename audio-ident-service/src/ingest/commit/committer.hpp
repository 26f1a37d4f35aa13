#pragma once

#include <optional>
#include <string>
#include <unordered_set>

#include "core/result.hpp"
#include "ingest/commit/change_lock.hpp"
#include "ingest/commit/duplicate_candidates.hpp"
#include "ingest/commit/original_finder.hpp"
#include "ingest/commit/outcome_log.hpp"
#include "ingest/commit/remove_tracks.hpp"
#include "ingest/commit/stores.hpp"
#include "ingest/commit/track_batch.hpp"
#include "ingest/examine/examiner.hpp"

namespace audio_ident::ingest {

/// Decides what each examined file is (new, changed, moved, a duplicate …) and stores it (see TrackBatch). It is the
/// only writer of an ingest. It gets the files in the order of the scan, so that the first of two duplicates wins,
/// whichever was decoded first. Works on the thread that runs the ingest.
class Committer {
  public:
    /// All references and pointers must outlive the committer.
    struct Parts {
        Stores stores;
        const ChangeLock& lock;
        DuplicateCandidates* duplicates = nullptr;  ///< null: music that a track already has is added again
        const MusicComparison& compare;
        Examiner& examiner;  ///< for files whose finding is outdated because of an earlier file
        OutcomeLog& log;
    };

    Committer(Parts parts, BatchSettings settings);

    /// Fails when a store fails; the ingest cannot continue then.
    Result<void> take(FileEntry file, Finding finding);
    /// Stores the batch when it is old enough.
    Result<void> flush_if_due() { return batch_.due() ? flush() : Result<void>(); }
    Result<void> flush();
    /// Removes tracks whose file now has music that belongs to another track. Call it at the end, because their own
    /// music may still be found under another name.
    Result<void> remove_displaced();
    void displaced(const TrackId& id) { displaced_.insert(id); }

  private:
    using Row = std::optional<catalog::Track>;

    Result<void> noted_duplicate(FileEntry file, const std::string& original_sha256);
    Result<void> known_content(FileEntry file, const std::string& sha256);
    Result<void> new_content(const FileEntry& file, NewContent content);
    Result<void> same_content(const FileEntry& file, catalog::Track row);
    Result<void> add(const FileEntry& file, NewContent content, const Row& half_done);
    BatchEntry make_entry(const FileEntry& file, const TrackId& id, NewContent content);
    Result<void> examine_again(FileEntry file);
    Result<Row> row_by_hash(const std::string& sha256);
    Result<Row> row_at(const FileEntry& file);

    Parts parts_;
    TrackBatch batch_;
    OriginalFinder originals_;
    std::unordered_set<TrackId> displaced_;
};

}  // namespace audio_ident::ingest
