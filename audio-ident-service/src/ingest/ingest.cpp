#include "ingest/ingest.hpp"

#include <exception>
#include <memory>
#include <utility>

#include "ingest/commit/duplicate_notes.hpp"
#include "ingest/commit/outcome_log.hpp"
#include "ingest/commit/store_check.hpp"
#include "ingest/commit/vanished.hpp"
#include "ingest/file_pipeline.hpp"
#include "ingest/progress_meter.hpp"
#include "ingest/scan/known_files.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

/// More half-done tracks than a killed ingest leaves: an index was lost, and rebuild-index is the tool.
constexpr std::size_t kMaxLeftovers = 256;

class Run {
  public:
    Run(const IngestParts& parts, const IngestRequest& request, IngestObserver& observer, std::stop_token stop)
        : parts_(parts),
          request_(request),
          observer_(observer),
          stop_(std::move(stop)),
          on_stop_(stop_, EndFiles{end_files_}),
          on_pause_(request.pause, EndFiles{end_files_}),
          log_(report_, observer),
          scope_{request.paths, request.from_file, {}, request.scan},
          duplicates_(parts.stores.catalog, parts.chromaprint, parts.stores.timeout),
          examiner_(make_examiner()),
          committer_({.stores = parts.stores,
                      .lock = parts.lock,
                      .duplicates = request.same_music == SameMusic::reject ? &duplicates_ : nullptr,
                      .compare = parts.chromaprint,
                      .examiner = *examiner_,
                      .log = log_},
                     request.batch) {}

    IngestReport operator()() {
        Result<void> done = recover();
        if (done) done = ingest_files();
        if (done && scanned_.complete && !report_.interrupted && !ends_early()) done = settle_vanished();
        if (done && !ends_early()) done = compact();
        save_notes();
        if (ends_early()) report_.interrupted = true;
        if (!done && !(report_.interrupted && done.error().kind == ErrorKind::timeout)) report_.fatal = done.error();
        if (report_.not_embedded > 0) {
            report_.notices.push_back(
                fmt::format("{} tracks are not in the vibe lane: {}; `audio-ident reembed` adds them",
                            report_.not_embedded, report_.embedding_failure.message));
        }
        report_.elapsed_seconds = meter_.elapsed_seconds();
        show_progress();
        return std::move(report_);
    }

    void fail_with(Error error) { report_.fatal = std::move(error); }
    IngestReport report() { return std::move(report_); }

  private:
    /// No further file is begun.
    struct EndFiles {
        std::stop_source source;
        void operator()() { source.request_stop(); }
    };

    bool ends_early() const { return end_files_.stop_requested(); }

    std::unique_ptr<Examiner> make_examiner() const {
        return std::make_unique<Examiner>(parts_.stores.catalog, parts_.make_analyzer(), request_.examiner, stop_);
    }

    Result<void> recover() {
        if (takes_notes()) {
            notes_ = DuplicateNotes::load(*parts_.duplicate_notes, parts_.stores.deadline());
        }
        auto differences = compare_stores(
            parts_.stores,
            [this](const catalog::FileRecord& row) {
                // The tracks may hold other streams than the one that is asked for: only their rows tell.
                if (!request_.examiner.stream) known_.add(row.file_path, row.file_size_bytes, row.file_modified_ns);
            },
            Deadline::never(stop_));
        if (!differences) return forward(differences);
        if (auto repaired = repair_stores(parts_.stores, *differences, parts_.lock); !repaired) return repaired;
        auto& leftovers = differences->unfinished;
        leftovers.insert(leftovers.end(), differences->unindexed.begin(), differences->unindexed.end());
        if (leftovers.size() > kMaxLeftovers) {
            report_.notices.push_back(fmt::format(
                "{} tracks are not in the fingerprint index; this ingest adds those whose files it meets, `audio-ident "
                "rebuild-index` adds the others",
                leftovers.size()));
            return {};
        }
        for (const auto& half : leftovers) {
            if (auto path = util::path_from_text(half.file_path)) add_leftover(std::move(*path));
        }
        return {};
    }

    void add_leftover(std::filesystem::path path) {
        if (parts_.stores.audio) {
            auto here = parts_.stores.audio->open(path, Deadline::never(stop_));
            // It stays half-done until a change that can read it.
            if (!here && here.error().reason == Reason::store_unavailable) {
                report_.notices.push_back("a track that was not finished stays so: " + here.error().message);
                return;
            }
            if (here) path = std::move(*here);
        }
        scope_.leftovers.push_back(std::move(path));
    }

    Result<void> ingest_files() {
        FilePipeline pipeline({.scope = scope_,
                               .known = known_,
                               .notes = notes_,
                               .make_examiner = [this] { return make_examiner(); },
                               .committer = committer_,
                               .meter = meter_,
                               .show_progress = [this] { show_progress(); }});
        const auto stored = pipeline.run(request_.threads, end_files_.get_token());
        scanned_ = pipeline.scanned();
        report_.total = scanned_.met;
        report_.unchanged += scanned_.unchanged;
        report_.ignored = scanned_.ignored;
        return stored ? scanned_.done : stored;
    }

    Result<void> settle_vanished() {
        const auto findings =
            find_vanished(parts_.stores.catalog, scanned_.folders, parts_.stores.audio, Deadline::never(stop_));
        if (!findings) return forward(findings);
        for (const TrackId& id : findings->displaced) committer_.displaced(id);
        if (auto done = committer_.remove_displaced(); !done) return done;
        for (const auto& folder : findings->away) {
            report_.notices.push_back(
                util::path_to_text(folder.native()) +
                " is empty, but there are tracks below it: is its disk mounted? They were kept. Remove the "
                "folder when its files are gone for good");
        }
        std::vector<TrackId> ids;
        for (const VanishedTrack& track : findings->tracks) {
            report_.vanished_files.push_back(track.file_path);
            ids.push_back(track.id);
        }
        report_.vanished = static_cast<std::int64_t>(ids.size());
        if (request_.prune == Prune::keep) return {};
        const auto removed = remove_tracks(parts_.stores, ids, parts_.lock);
        if (!removed) return forward(removed);
        report_.pruned = static_cast<std::int64_t>(*removed);
        return {};
    }

    /// A pause ends it, too: others wait to change the library. What goes on afterwards may have stored nothing itself.
    Result<void> compact() {
        const bool changed = report_.ingested + report_.updated + report_.pruned > 0;
        if (!changed && !request_.pause.stop_possible()) return {};
        return parts_.stores.fingerprints.compact(Deadline::never(end_files_.get_token()));
    }

    /// The notes are of files' own streams. When the same music may be added again, so may former duplicates.
    bool takes_notes() const {
        return parts_.duplicate_notes && request_.same_music == SameMusic::reject && !request_.examiner.stream;
    }

    void save_notes() {
        if (!takes_notes()) return;
        for (const auto& [path, status, original] : log_.duplicates()) {
            if (notes_.original_of(path, status) != original) notes_.note(path, status, original);
        }
        const auto saved = notes_.save(*parts_.duplicate_notes, parts_.stores.deadline());
        if (!saved) report_.notices.push_back(saved.error().message + "; duplicates will be analysed again");
    }

    void show_progress() {
        IngestProgress progress = meter_.progress(report_.seconds_of_audio);
        progress.embedded = report_.embedded;
        observer_.on_progress(progress);
    }

    const IngestParts& parts_;
    const IngestRequest& request_;
    IngestObserver& observer_;
    std::stop_token stop_;
    std::stop_source end_files_;  ///< on a stop, and on a pause
    std::stop_callback<EndFiles> on_stop_;
    std::stop_callback<EndFiles> on_pause_;
    IngestReport report_;
    OutcomeLog log_;
    ProgressMeter meter_;
    ScanScope scope_;
    KnownFiles known_;
    DuplicateNotes notes_;  ///< of former runs; does not change while the scan reads it
    ScanOutcome scanned_;
    DuplicateCandidates duplicates_;
    std::unique_ptr<Examiner> examiner_;  ///< of this thread, for the committer
    Committer committer_;
};

}  // namespace

IngestReport run_ingest(const IngestParts& parts, const IngestRequest& request, IngestObserver& observer,
                        const std::stop_token& stop) {
    Run run(parts, request, observer, stop);
    try {
        return run();
    } catch (const std::exception& error) {
        run.fail_with({ErrorKind::internal, std::string("the ingest broke off: ") + error.what(), {}});
        return run.report();
    }
}

}  // namespace audio_ident::ingest
