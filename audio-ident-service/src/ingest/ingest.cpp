#include "ingest/ingest.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "ingest/commit/duplicate_notes.hpp"
#include "ingest/commit/store_check.hpp"
#include "ingest/commit/vanished.hpp"
#include "ingest/progress_meter.hpp"
#include "ingest/scan/known_files.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace fs = std::filesystem;

namespace {

/// More half-done tracks than a killed ingest leaves: an index was lost, and rebuild-index is the tool.
constexpr std::size_t kMaxLeftovers = 256;

struct Item {
    FileEntry file;
    std::optional<Finding> finding;  ///< known without reading the file
};

struct Output {
    FileEntry file;
    Finding finding = Abandoned{};
};

using Pipeline = OrderedPipeline<Item, Output>;

std::size_t cost_of(const Output& output) {
    const auto* content = std::get_if<NewContent>(&output.finding);
    const std::size_t peaks = content ? content->analysis.fingerprint.peaks.size() : 0;
    const std::size_t values =
        content && content->analysis.embedding ? content->analysis.embedding->vectors.values.size() : 0;
    return 4096 + peaks * sizeof(fingerprint::Peak) + values * sizeof(float);
}

/// Counts what a scan will meet, while the pipeline works already.
class CountingVisitor : public ScanVisitor {
  public:
    CountingVisitor(const KnownFiles& known, ProgressMeter& meter) : known_(known), meter_(meter) {}
    bool file(FileEntry entry) override {
        const bool known =
            known_.contains(util::path_to_text(entry.path.native()), entry.status.size_bytes, entry.status.modified_ns);
        meter_.found(known ? 0 : entry.status.size_bytes);
        return true;
    }
    void ignored(const fs::path&) override {}
    void problem(const fs::path&, Error) override { meter_.found(0); }

  private:
    const KnownFiles& known_;
    ProgressMeter& meter_;
};

/// Hands the pipeline what is not known already.
class FeedingVisitor : public ScanVisitor {
  public:
    FeedingVisitor(const KnownFiles& known, const DuplicateNotes& notes, ProgressMeter& meter,
                   const Pipeline::Emit& emit)
        : known_(known), notes_(notes), meter_(meter), emit_(emit) {}

    bool file(FileEntry entry) override {
        ++met;
        const std::string path = util::path_to_text(entry.path.native());
        if (known_.contains(path, entry.status.size_bytes, entry.status.modified_ns)) {
            ++unchanged;
            meter_.done(0);
            return true;
        }
        std::optional<Finding> finding;
        if (const auto original = notes_.original_of(path, entry.status)) finding = NotedDuplicate{*original};
        return emit_({std::move(entry), std::move(finding)});
    }
    void ignored(const fs::path&) override { ++others; }
    void problem(const fs::path& path, Error error) override {
        ++met;
        static_cast<void>(emit_({{path, {}}, FileFailure{std::move(error)}}));
    }

    std::int64_t met = 0;
    std::int64_t unchanged = 0;
    std::int64_t others = 0;

  private:
    const KnownFiles& known_;
    const DuplicateNotes& notes_;
    ProgressMeter& meter_;
    const Pipeline::Emit& emit_;
};

class Run {
  public:
    Run(const IngestParts& parts, const IngestRequest& request, IngestObserver& observer, std::stop_token stop)
        : parts_(parts),
          request_(request),
          observer_(observer),
          stop_(std::move(stop)),
          on_stop_(stop_, EndFiles{end_files_}),
          on_pause_(request.pause, EndFiles{end_files_}),
          duplicates_(parts.stores.catalog, parts.chromaprint, parts.stores.timeout),
          examiner_(make_examiner()),
          committer_({.stores = parts.stores,
                      .lock = parts.lock,
                      .duplicates = request.same_music == SameMusic::reject ? &duplicates_ : nullptr,
                      .note_duplicate =
                          [this](const FileEntry& file, const std::string& original) {
                              noted_.emplace_back(util::path_to_text(file.path.native()), file.status, original);
                          },
                      .examine = [this](FileEntry& file) { return examiner_.examine(file); },
                      .report = report_,
                      .observer = observer},
                     request.batch) {}

    IngestReport operator()() {
        Result<void> done = recover();
        if (done) done = ingest_files();
        if (done && scan_complete_ && !report_.interrupted && !ends_early()) done = settle_vanished();
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

    Examiner make_examiner() const {
        return Examiner(parts_.stores.catalog, parts_.make_analyzer(), request_.examiner, stop_);
    }

    Result<void> recover() {
        // Where the same music is welcome, duplicates of a former run are too.
        if (parts_.duplicate_notes && request_.same_music == SameMusic::reject) {
            notes_ = DuplicateNotes::load(*parts_.duplicate_notes);
        }
        auto differences = compare_stores(
            parts_.stores,
            [this](const catalog::FileRecord& row) {
                known_.add(row.file_path, row.file_size_bytes, row.file_modified_ns);
            },
            Deadline::never(stop_));
        if (!differences) return forward(differences);
        const auto repaired = repair_stores(parts_.stores, *differences, parts_.lock);
        if (!repaired) return forward(repaired);
        auto& leftovers = differences->unfinished;
        leftovers.insert(leftovers.end(), differences->unindexed.begin(), differences->unindexed.end());
        if (leftovers.size() > kMaxLeftovers) {
            report_.notices.push_back(
                fmt::format("{} tracks are not in the fingerprint index; those outside of what is "
                            "ingested now stay so until `audio-ident rebuild-index` is run",
                            leftovers.size()));
            return {};
        }
        for (const auto& half : leftovers) {
            if (auto path = util::path_from_text(half.file_path)) leftovers_.emplace_back(std::move(*path));
        }
        return {};
    }

    /// Everything to ingest, in order. Used twice: to count, and to feed the pipeline.
    Result<void> scan(Scanner& scanner, NameList* list) const {
        for (const fs::path& path : request_.paths) scanner.scan(path);
        if (list) {
            if (auto scanned = scanner.scan_list(*list); !scanned) return scanned;
        }
        for (const fs::path& path : leftovers_) {
            const auto status = file_status(path);
            if (status && *status) scanner.scan(path);
        }
        return {};
    }

    Result<std::optional<NameList>> open_list() const {
        if (!request_.from_file) return std::optional<NameList>();
        auto list = NameList::open(*request_.from_file);
        if (!list) return forward(list);
        return std::optional<NameList>(std::move(*list));
    }

    void count() {
        auto list = open_list();
        if (!list || (*list && !(*list)->can_be_read_again())) return;
        CountingVisitor visitor(known_, meter_);
        Scanner scanner(request_.scan, visitor, counting_.get_token());
        if (scan(scanner, *list ? &**list : nullptr) && scanner.complete()) meter_.all_found();
    }

    Result<void> ingest_files() {
        auto list = open_list();
        if (!list) return forward(list);
        PipelineSettings settings = request_.pipeline;
        settings.threads = request_.threads != 0 ? request_.threads : std::max(1U, std::thread::hardware_concurrency());

        std::jthread counter([this] { count(); });
        const std::stop_callback stop_counting(end_files_.get_token(), [this] { counting_.request_stop(); });
        Result<void> stored;
        Pipeline pipeline(settings,
                          {.produce = [&](const Pipeline::Emit& emit) { produce(emit, *list ? &**list : nullptr); },
                           .make_worker = [this] { return make_worker(); },
                           .cost = cost_of,
                           .consume =
                               [&](Output output) {
                                   stored = consume(std::move(output));
                                   return stored ? Pipeline::Next::proceed : Pipeline::Next::end;
                               },
                           .tick =
                               [&] {
                                   show_progress();
                                   stored = committer_.flush_if_due();
                                   return stored ? Pipeline::Next::proceed : Pipeline::Next::end;
                               }},
                          end_files_.get_token());
        try {
            pipeline.run();
        } catch (...) {
            counting_.request_stop();
            throw;
        }
        counting_.request_stop();
        if (stored) stored = committer_.flush();
        report_.total = met_;
        report_.unchanged += unchanged_;
        report_.ignored = ignored_;
        if (!stored) return stored;
        return scanned_;
    }

    void produce(const Pipeline::Emit& emit, NameList* list) {
        FeedingVisitor visitor(known_, notes_, meter_, emit);
        Scanner scanner(request_.scan, visitor, end_files_.get_token());
        scanned_ = scan(scanner, list);
        scan_complete_ = scanned_ && scanner.complete();
        folders_ = scanner.folders();
        met_ = visitor.met;
        unchanged_ = visitor.unchanged;
        ignored_ = visitor.others;
    }

    Pipeline::Worker make_worker() const {
        auto examiner = std::make_shared<Examiner>(make_examiner());  // std::function wants to be copied
        return [examiner](Item item) {
            Output output{std::move(item.file), Abandoned{}};
            output.finding = item.finding ? std::move(*item.finding) : examiner->examine(output.file);
            return output;
        };
    }

    Result<void> consume(Output output) {
        const std::int64_t bytes = output.file.status.size_bytes;
        std::string name = util::path_to_text(output.file.path.native());
        auto taken = committer_.take(std::move(output.file), std::move(output.finding));
        meter_.done(bytes, std::move(name));
        return taken;
    }

    Result<void> settle_vanished() {
        const auto findings = find_vanished(parts_.stores.catalog, folders_, Deadline::never(stop_));
        if (!findings) return forward(findings);
        for (const TrackId& id : findings->displaced) committer_.displaced(id);
        if (auto done = committer_.remove_displaced(); !done) return done;
        for (const fs::path& folder : findings->away) {
            report_.notices.push_back(util::path_to_text(folder.native()) +
                                      " is empty, but there are tracks below it: is its disk mounted? They were kept");
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

    void show_progress() {
        IngestProgress progress = meter_.progress(report_.seconds_of_audio);
        progress.embedded = report_.embedded;
        observer_.on_progress(progress);
    }

    void save_notes() {
        if (!parts_.duplicate_notes) return;
        for (const auto& [path, status, original] : noted_) {
            if (notes_.original_of(path, status) != original) notes_.note(path, status, original);
        }
        const auto saved = notes_.save(*parts_.duplicate_notes);
        if (!saved) report_.notices.push_back(saved.error().message + "; duplicates will be analysed again");
    }

    Result<void> compact() {
        if (report_.ingested + report_.updated + report_.pruned == 0) return {};
        return parts_.stores.fingerprints.compact(Deadline::never(stop_));
    }

    const IngestParts& parts_;
    const IngestRequest& request_;
    IngestObserver& observer_;
    std::stop_token stop_;
    std::stop_source end_files_;  ///< on a stop, and on a pause
    std::stop_callback<EndFiles> on_stop_;
    std::stop_callback<EndFiles> on_pause_;
    IngestReport report_;
    ProgressMeter meter_;
    KnownFiles known_;
    DuplicateNotes notes_;  ///< of former runs; does not change while the scan reads it
    std::vector<std::tuple<std::string, FileStatus, std::string>> noted_;
    std::vector<fs::path> leftovers_;
    DuplicateIndex duplicates_;
    Examiner examiner_;
    Committer committer_;
    std::stop_source counting_;

    // Written by the scanning thread, read after it has ended.
    Result<void> scanned_;
    bool scan_complete_ = false;
    std::vector<ScannedFolder> folders_;
    std::int64_t met_ = 0;
    std::int64_t unchanged_ = 0;
    std::int64_t ignored_ = 0;
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
