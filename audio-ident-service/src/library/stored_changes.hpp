#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <stop_token>

#include "ingest/commit/change_lock.hpp"
#include "library/changes.hpp"
#include "library/cut_out.hpp"
#include "library/open_stores.hpp"
#include "library/write_turns.hpp"

namespace audio_ident::library {

/// The changes of a StoredLibrary. Each waits for its turn, takes the library's lock, opens the stores that it
/// writes to, and leaves the work to ingest/. The methods are those of Library. Thread-safe.
class StoredChanges {
  public:
    /// `stores` outlives it.
    explicit StoredChanges(OpenStores& stores) : stores_(stores) {}

    Result<ingest::IngestReport> ingest(const IngestRequest& request, const Turn& turn, ChangeObserver& observer);
    Result<Added> add(const Upload& upload, const Turn& turn);
    Result<Added> learn(const audio::Source& recording, const Stretch& stretch, const Turn& turn);
    Result<std::size_t> remove(std::span<const TrackId> ids, Uploads uploads, const Turn& turn);
    Result<ingest::PassReport> reembed(ingest::PassScope scope, const Turn& turn, ChangeObserver& observer);
    Result<ingest::PassReport> rebuild_index(const RebuildRequest& request, const Turn& turn, ChangeObserver& observer);

    /// Settles what an interrupted change left between catalog and index: rows of complete tracks become ready, and the
    /// index forgets tracks without a row, when they are few. Many, or more than have a row, may mean that another
    /// catalog belongs to the index: that is left to the next ingest. Returns how many tracks it concerned. Waits for
    /// the lock as long as it takes, when there is something to do.
    Result<std::size_t> settle(const std::stop_token& stop);
    /// Replaces fingerprints of an earlier version, while others search and change the library. Waits for the lock as
    /// long as it takes, and gives it back after each batch.
    Result<ingest::PassReport> renew_fingerprints(const std::stop_token& stop);

    /// Runs work(lock) with the library's lock, before background changes. Fails when it cannot get the lock.
    template <typename Work>
    auto locked(const Turn& turn, Work work) -> decltype(work(std::declval<const ingest::ChangeLock&>())) {
        const WriteTurns::Request request(turns_);
        const auto lock =
            acquire(turn.purpose, catalog::SharedLock::Place::in_line, Deadline::after(turn.wait, turn.stop));
        if (!lock) return forward(lock);
        return work(*lock);
    }

  private:
    Result<ingest::ChangeLock> acquire(const std::string& purpose, catalog::SharedLock::Place place,
                                       const Deadline& deadline) const;
    Result<ingest::ChangeLock> acquire_whenever(const Turn& turn) const;
    Result<ingest::IngestReport> ingest_in_background(const IngestRequest& request, const Turn& turn,
                                                      ChangeObserver& observer);
    /// `stop` ends the ingest at once, `pause` after the files that it has begun.
    Result<ingest::IngestReport> run(const ingest::ChangeLock& lock, const IngestRequest& request,
                                     const std::stop_token& stop, const std::stop_token& pause,
                                     ChangeObserver& observer);
    Result<ingest::Stores> open_or_replace(const RebuildRequest& request, const Deadline& deadline,
                                           ChangeObserver& observer);

    OpenStores& stores_;
    WriteTurns turns_;
};

/// The deadline of one call of a store.
inline Deadline store_deadline(const std::stop_token& stop) {
    return Deadline::after(std::chrono::minutes(1), stop);
}

}  // namespace audio_ident::library
