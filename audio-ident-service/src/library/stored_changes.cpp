#include "library/stored_changes.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <spdlog/spdlog.h>
#include <system_error>
#include <thread>

#include "ingest/commit/remove_tracks.hpp"
#include "ingest/commit/store_check.hpp"
#include "ingest/examine/decoding_analyzer.hpp"
#include "ingest/rebuild_index.hpp"
#include "ingest/reembed.hpp"
#include "ingest/renew_fingerprints.hpp"
#include "library/uploads.hpp"
#include "util/durable_folder.hpp"
#include "util/path_text.hpp"

namespace audio_ident::library {
namespace {

namespace fs = std::filesystem;

constexpr auto kBackgroundWait = std::chrono::seconds(5);  ///< wait for the lock, then check for a stop
constexpr auto kRetry = std::chrono::milliseconds(100);
constexpr auto kLook = std::chrono::milliseconds(500);    ///< between two questions about the lock
constexpr auto kRenewalBatch = std::chrono::seconds(10);  ///< of reading: small transactions make many segments

constexpr std::size_t kFewOrphans = 16;  ///< an interrupted removal over HTTP leaves one

/// Those that a start of the service settles, see settle().
Result<ingest::StoreDifferences> interrupted_changes(const ingest::Stores& stores, const Deadline& deadline) {
    std::size_t both = 0;
    auto all = ingest::compare_stores(
        stores, [&](const catalog::FileRecord&) { ++both; }, deadline);
    if (!all) return all;
    const bool few = all->orphans.size() <= std::min(kFewOrphans, both);
    ingest::StoreDifferences settled;
    settled.finished = std::move(all->finished);
    if (few) settled.orphans = std::move(all->orphans);
    return settled;
}

/// Pauses a background ingest when another machine waits for the lock.
class MakesWay {
  public:
    /// `shared` may be null. Both outlive it.
    MakesWay(catalog::SharedLock* shared, std::stop_source& pause) {
        if (!shared) return;
        thread_ = std::jthread([shared, &pause](const std::stop_token& stop) {
            std::mutex mutex;
            std::condition_variable_any woken;
            std::unique_lock lock(mutex);
            while (!woken.wait_for(lock, stop, kLook, [&] { return stop.stop_requested(); })) {
                // Whether the lock is lost, the ingest notices itself.
                const auto wanted = shared->is_wanted(Deadline::after(kBackgroundWait, stop));
                if (wanted && *wanted) pause.request_stop();
            }
        });
    }

  private:
    std::jthread thread_;
};

/// The report over all parts of a change that paused. Files that an earlier part stored count as unchanged in later
/// parts.
ingest::IngestReport joined(const ingest::IngestReport& before, ingest::IngestReport part) {
    const auto stored = before.ingested + before.updated + before.moved;
    part.unchanged = std::max<std::int64_t>(0, part.unchanged - stored);
    part.ingested += before.ingested;
    part.updated += before.updated;
    part.moved += before.moved;
    part.file_notes.insert(part.file_notes.begin(), before.file_notes.begin(), before.file_notes.end());
    return part;
}

ingest::IngestRequest request_of(const IngestRequest& request, const std::stop_token& pause, unsigned threads) {
    ingest::IngestRequest files;
    files.paths = request.paths;
    files.from_file = request.from_file;
    files.scan = request.scan;
    files.prune = request.prune;
    files.same_music = request.same_music;
    files.examiner.stream = request.stream;
    files.threads = threads;
    files.pause = pause;
    return files;
}

}  // namespace

Result<ingest::ChangeLock> StoredChanges::acquire(const std::string& purpose, catalog::SharedLock::Place place,
                                                  const Deadline& deadline) const {
    const fs::path& folder = stores_.settings().data_dir;
    if (const auto error = util::make_private_folder(folder)) {
        return fail(ErrorKind::not_available,
                    "cannot make the data folder {}: {}; set AUDIO_IDENT_DATA_DIR or --data-dir", folder.string(),
                    error.message());
    }
    auto lock = util::FileLock::acquire(stores_.lock_file(), purpose, deadline);
    if (!lock) return forward(lock);
    // The folder's own lock comes first, so that only one waiter of this machine asks the server.
    auto shared = stores_.backends().lock_shared(purpose, place, deadline);
    if (!shared) return forward(shared);
    // Writes to stores that another program has replaced would be lost.
    if (const auto usable = stores_.backends().check_still_in_place(); !usable) return forward(usable);
    return ingest::ChangeLock(std::move(*lock), std::move(*shared));
}

Result<ingest::ChangeLock> StoredChanges::acquire_whenever(const Turn& turn) const {
    std::string told;
    while (true) {
        auto lock =
            acquire(turn.purpose, catalog::SharedLock::Place::behind, Deadline::after(kBackgroundWait, turn.stop));
        if (lock || lock.error().kind != ErrorKind::not_available || turn.stop.stop_requested()) return lock;
        if (lock.error().message != told) spdlog::info("{} waits: {}", turn.purpose, lock.error().message);
        told = lock.error().message;
        std::this_thread::sleep_for(kLook);
    }
}

Result<ingest::IngestReport> StoredChanges::run(const ingest::ChangeLock& lock, const IngestRequest& request,
                                                const std::stop_token& stop, const std::stop_token& pause,
                                                ChangeObserver& observer) {
    const embedding::Embedder* embedder = nullptr;
    if (request.vectors == Vectors::wanted) {
        const auto opened = stores_.embedder_in_service();
        if (opened) embedder = *opened;
        else
            observer.on_notice("new tracks are in the exact lane only, without an embedding: " +
                               opened.error().message);
    }
    const auto stores = stores_.for_writing(embedder, store_deadline(stop));
    if (!stores) return forward(stores);
    const ingest::IngestParts parts{*stores, ingest::decoding_analyzer(stores_.backends().decoder(), embedder),
                                    ingest::music_comparison(), lock, &stores_.documents()};
    return ingest::run_ingest(parts, request_of(request, pause, stores_.settings().threads), observer, stop);
}

Result<ingest::IngestReport> StoredChanges::ingest(const IngestRequest& request, const Turn& turn,
                                                   ChangeObserver& observer) {
    if (turn.priority == Priority::background) return ingest_in_background(request, turn, observer);
    return locked(turn, [&](const ingest::ChangeLock& lock) { return run(lock, request, turn.stop, {}, observer); });
}

Result<ingest::IngestReport> StoredChanges::ingest_in_background(const IngestRequest& request, const Turn& turn,
                                                                 ChangeObserver& observer) {
    ingest::IngestReport report;
    while (true) {
        std::stop_source pause;
        const std::stop_callback here(turns_.wait_for_turn(turn.stop), [&] { pause.request_stop(); });
        const auto lock = acquire_whenever(turn);
        report.interrupted = turn.stop.stop_requested();
        if (report.interrupted) return report;
        if (!lock) return forward(lock);
        auto part = [&] {
            const MakesWay makes_way(lock->shared(), pause);
            return run(*lock, request, turn.stop, pause.get_token(), observer);
        }();
        if (!part) return part;
        const bool made_way =
            pause.stop_requested() && part->interrupted && !part->fatal && !turn.stop.stop_requested();
        report = joined(report, std::move(*part));
        if (!made_way) return report;
    }
}

Result<Added> StoredChanges::add(const Upload& upload, const Turn& turn) {
    const auto rows = stores_.make_catalog(store_deadline(turn.stop));
    if (!rows) return forward(rows);
    auto incoming = IncomingFile::read(upload, stores_.backends().audio(), **rows, turn.stop);
    if (!incoming) return forward(incoming);
    if (incoming->known()) return Added{*incoming->known(), Added::As::duplicate};
    // Before the lock, for which others wait.
    if (auto sent = incoming->send(turn.stop); !sent) return forward(sent);
    return locked(turn, [&](const ingest::ChangeLock& lock) {
        return incoming->take_in(
            [&](const fs::path& file) {
                ChangeObserver nobody;
                return run(lock, {.paths = {file}}, turn.stop, {}, nobody);
            },
            turn.stop);
    });
}

Result<Added> StoredChanges::learn(const audio::Source& recording, const Stretch& stretch, const Turn& turn) {
    const fs::path& folder = stores_.settings().uploads;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(ErrorKind::not_available, "cannot make {}: {}", folder.string(), error.message());
    const auto file = folder / fmt::format("incoming-{}.flac", Uuid::random().to_string());
    auto cut = cut_out(stores_.backends().decoder(), recording, stretch, file, Deadline::never(turn.stop));
    auto added = cut ? add({.file = file, .name = file_name_of(stretch)}, turn) : Result<Added>(forward(cut));
    fs::remove(file, error);
    return added;
}

Result<std::size_t> StoredChanges::remove(std::span<const TrackId> ids, Uploads uploads, const Turn& turn) {
    return locked(turn, [&](const ingest::ChangeLock& lock) -> Result<std::size_t> {
        const auto stores = stores_.for_writing(nullptr, store_deadline(turn.stop));
        if (!stores) return forward(stores);
        const auto rows = stores->catalog.find_many(ids, store_deadline(turn.stop));
        if (!rows) return forward(rows);
        // Files first: after a crash, a track without a file can be removed again, but nobody would find a file without
        // a track.
        for (const catalog::Track& row : *rows) {
            if (uploads == Uploads::keep) break;
            const auto gone = remove_upload(row, stores_.backends().audio(), Deadline::never(turn.stop));
            if (!gone) return forward(gone);
        }
        return ingest::remove_tracks(*stores, ids, lock);
    });
}

Result<ingest::PassReport> StoredChanges::reembed(ingest::PassScope scope, const Turn& turn, ChangeObserver& observer) {
    const auto embedder = stores_.wanted_embedder();
    if (!embedder) return forward(embedder);
    return locked(turn, [&](const ingest::ChangeLock& lock) -> Result<ingest::PassReport> {
        const auto stores = stores_.for_writing(*embedder, store_deadline(turn.stop));
        if (!stores) return forward(stores);
        ingest::PassRequest request;
        request.scope = scope;
        request.threads = stores_.settings().threads;
        const auto embed = [&](const fs::path& path, std::optional<int> audio_stream, const Deadline& deadline) {
            return ingest::embed_file(stores_.backends().decoder(), **embedder, path, audio_stream, deadline);
        };
        auto report = ingest::reembed({*stores, embed, lock, (*embedder)->model().name}, request, observer, turn.stop);
        if (report.interrupted || report.fatal) return report;
        const auto changed = stores_.change_model((*embedder)->model(), store_deadline(turn.stop));
        if (!changed) report.fatal = changed.error();
        return report;
    });
}

Result<ingest::Stores> StoredChanges::open_or_replace(const RebuildRequest& request, const Deadline& deadline,
                                                      ChangeObserver& observer) {
    if (const auto rows = stores_.catalog(deadline); !rows) return forward(rows);
    if (request.begin_with == RebuildRequest::Index::existing) {
        auto stores = stores_.for_writing(nullptr, deadline);
        if (stores || stores.error().kind == ErrorKind::not_available) return stores;
        observer.on_notice(stores.error().message);
        observer.on_notice("the index cannot be used; a new one replaces it");
    }
    if (auto erased = stores_.replace_index(); !erased) return forward(erased);
    return stores_.for_writing(nullptr, deadline);
}

Result<ingest::PassReport> StoredChanges::rebuild_index(const RebuildRequest& request, const Turn& turn,
                                                        ChangeObserver& observer) {
    return locked(turn, [&](const ingest::ChangeLock& lock) -> Result<ingest::PassReport> {
        const auto stores = open_or_replace(request, store_deadline(turn.stop), observer);
        if (!stores) return forward(stores);
        ingest::PassRequest pass;
        pass.scope = request.scope;
        pass.threads = stores_.settings().threads;
        const ingest::IngestParts parts{*stores, ingest::decoding_analyzer(stores_.backends().decoder()),
                                        ingest::music_comparison(), lock};
        return ingest::rebuild_index(parts, pass, observer, turn.stop);
    });
}

Result<std::size_t> StoredChanges::settle(const std::stop_token& stop) {
    const auto seen = stores_.for_comparing(store_deadline(stop));
    if (!seen) return forward(seen);
    auto differences = interrupted_changes(*seen, Deadline::never(stop));
    if (!differences) return forward(differences);
    if (differences->none()) return 0;
    const auto lock = acquire_whenever({.purpose = "audio-ident serve: settle interrupted changes", .stop = stop});
    if (!lock) return forward(lock);
    const auto stores = stores_.for_writing(nullptr, store_deadline(stop));
    if (!stores) return forward(stores);
    differences = interrupted_changes(*stores, Deadline::never(stop));
    if (!differences) return forward(differences);
    if (auto settled = ingest::repair_stores(*stores, *differences, *lock); !settled) return forward(settled);
    return differences->finished.size() + differences->orphans.size();
}

Result<ingest::PassReport> StoredChanges::renew_fingerprints(const std::stop_token& stop) {
    const auto stores = stores_.for_writing(nullptr, store_deadline(stop));
    if (!stores) return forward(stores);
    const auto lock = [&]() -> Result<ingest::ChangeLock> {
        std::this_thread::sleep_for(kRetry);  // Whoever waits looks more often.
        return acquire_whenever({.purpose = "audio-ident serve: new fingerprints", .stop = stop});
    };
    ingest::PassRequest pass;
    pass.threads = 1;
    pass.batch.max_age = kRenewalBatch;
    ChangeObserver nobody;
    return ingest::renew_fingerprints({*stores, ingest::decoding_analyzer(stores_.backends().decoder()), lock}, pass,
                                      nobody, stop);
}

}  // namespace audio_ident::library
