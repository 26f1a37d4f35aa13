#include "ingest/rebuild_index.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <thread>
#include <utility>
#include <variant>

#include "ingest/progress_meter.hpp"
#include "ingest/store_check.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

struct MissingFile {};

struct Output {
    catalog::Track row;
    std::variant<Analysis, MissingFile, FileFailure, StoreFailure, Abandoned> finding = Abandoned{};
};

using Pipeline = OrderedPipeline<TrackId, Output>;

std::size_t cost_of(const Output& output) {
    const auto* analysis = std::get_if<Analysis>(&output.finding);
    return 4096 + (analysis ? analysis->fingerprint.peaks.size() * sizeof(fingerprint::Peak) : 0);
}

class Rebuild {
  public:
    Rebuild(const IngestParts& parts, const RebuildRequest& request, IngestObserver& observer, std::stop_token stop)
        : parts_(parts), request_(request), observer_(observer), stop_(std::move(stop)) {}

    RebuildReport operator()() {
        Result<void> done = find_tracks();
        if (done) done = analyse_tracks();
        if (done && report_.rebuilt > 0 && !stop_.stop_requested()) {
            done = parts_.stores.fingerprints.compact(Deadline::never(stop_));
        }
        if (stop_.stop_requested()) report_.interrupted = true;
        if (!done && !(report_.interrupted && done.error().kind == ErrorKind::timeout)) report_.fatal = done.error();
        report_.elapsed_seconds = meter_.elapsed_seconds();
        observer_.on_progress(meter_.progress(report_.seconds_of_audio));
        return std::move(report_);
    }

  private:
    Result<void> find_tracks() {
        const auto add = [this](const TrackId& id) {
            tracks_.push_back(id);
            meter_.found(0);
        };
        const auto differences = compare_stores(
            parts_.stores,
            [&](const catalog::FileRecord& row) {
                if (request_.scope == RebuildScope::all) add(row.id);
            },
            Deadline::never(stop_));
        if (!differences) return forward(differences);
        for (const auto& half : differences->unfinished) add(half.id);
        for (const auto& half : differences->unindexed) add(half.id);
        if (request_.scope == RebuildScope::all) std::ranges::for_each(differences->finished, add);
        meter_.all_found();
        report_.total = static_cast<std::int64_t>(tracks_.size());
        return repair_stores(parts_.stores, *differences, parts_.lock);
    }

    Result<void> analyse_tracks() {
        PipelineSettings settings = request_.pipeline;
        settings.threads = request_.threads != 0 ? request_.threads : std::max(1U, std::thread::hardware_concurrency());
        Result<void> stored;
        const auto next = [&] { return stored ? Pipeline::Next::proceed : Pipeline::Next::end; };
        Pipeline pipeline(settings,
                          {.produce =
                               [this](const Pipeline::Emit& emit) {
                                   for (const TrackId& id : tracks_) {
                                       if (!emit(id)) return;
                                   }
                               },
                           .make_worker = [this] { return make_worker(); },
                           .cost = cost_of,
                           .consume =
                               [&](Output output) {
                                   stored = take(std::move(output));
                                   return next();
                               },
                           .tick =
                               [&] {
                                   observer_.on_progress(meter_.progress(report_.seconds_of_audio));
                                   if (!batch_.empty() && Clock::now() - batch_begin_ >= request_.batch.max_age) {
                                       stored = flush();
                                   }
                                   return next();
                               }},
                          stop_);
        pipeline.run();
        if (stored) stored = flush();
        return stored;
    }

    Pipeline::Worker make_worker() const {
        const std::shared_ptr<Analyzer> analyzer = parts_.make_analyzer();  // std::function wants to be copied
        return [this, analyzer](const TrackId& id) {
            Output output;
            auto row = parts_.stores.catalog.find(id, parts_.stores.deadline());
            if (!row) {
                output.finding = StoreFailure{row.error()};
            } else if (*row) {
                output.row = std::move(**row);
                examine(*analyzer, output);
            }
            return output;
        };
    }

    void examine(Analyzer& analyzer, Output& output) const {
        const auto bytes = util::path_from_text(output.row.file_path);
        const std::filesystem::path path(bytes.value_or(output.row.file_path));
        const Deadline deadline = Deadline::after(request_.examiner.file_timeout, stop_);
        if (deadline.expired()) return;
        const auto status = file_status(path);
        if (status && !*status) {
            output.finding = MissingFile{};
            return;
        }
        if (!still_holds(output.row, deadline)) {
            output.finding = FileFailure{{ErrorKind::invalid_input,
                                          "the file has changed since it was ingested; run `audio-ident ingest` on it",
                                          {}}};
            return;
        }
        auto analysis = analyzer.analyse(path, deadline);
        if (analysis) output.finding = std::move(*analysis);
        else if (!(stop_.stop_requested() && analysis.error().kind == ErrorKind::timeout)) {
            output.finding = FileFailure{analysis.error()};
        }
    }

    Result<void> take(Output output) {
        const std::string file = output.row.file_path;
        meter_.done(0, file);
        if (auto* analysis = std::get_if<Analysis>(&output.finding)) {
            report_.seconds_of_audio += analysis->decoded.duration_seconds;
            if (const auto& waveforms = parts_.stores.waveforms) {
                waveforms->put(output.row.file_hash_sha256, analysis->waveform);
            }
            if (batch_.empty()) batch_begin_ = Clock::now();
            batch_peaks_ += analysis->fingerprint.peaks.size();
            batch_.push_back({output.row.id, std::move(analysis->fingerprint)});
            if (output.row.state != catalog::TrackState::ready || !output.row.fingerprint_indexed) {
                output.row.state = catalog::TrackState::ready;
                output.row.fingerprint_indexed = true;
                rows_.push_back(std::move(output.row));
            }
            if (batch_.size() < request_.batch.max_tracks && batch_peaks_ < request_.batch.max_peaks) return {};
            return flush();
        }
        if (std::holds_alternative<MissingFile>(output.finding)) {
            report_.missing_files.push_back(file);
        } else if (const auto* failure = std::get_if<FileFailure>(&output.finding)) {
            report_.errors.push_back({file, failure->error.message, failure->error.kind});
            observer_.on_file({file, FileOutcome::failed, failure->error.message});
        } else if (const auto* store = std::get_if<StoreFailure>(&output.finding)) {
            return Unexpected(store->error);
        }
        return {};
    }

    Result<void> flush() {
        if (batch_.empty()) return {};
        auto done = parts_.stores.fingerprints.add(batch_, parts_.stores.deadline());
        if (done) done = parts_.stores.catalog.put(rows_, parts_.stores.deadline());
        if (done) report_.rebuilt += static_cast<std::int64_t>(batch_.size());
        batch_.clear();
        batch_peaks_ = 0;
        rows_.clear();
        return done;
    }

    using Clock = std::chrono::steady_clock;

    const IngestParts& parts_;
    const RebuildRequest& request_;
    IngestObserver& observer_;
    std::stop_token stop_;
    RebuildReport report_;
    ProgressMeter meter_;
    std::vector<TrackId> tracks_;
    std::vector<index::TrackFingerprint> batch_;
    std::vector<catalog::Track> rows_;  ///< of the batch, that become ready
    std::size_t batch_peaks_ = 0;
    Clock::time_point batch_begin_;
};

}  // namespace

RebuildReport rebuild_index(const IngestParts& parts, const RebuildRequest& request, IngestObserver& observer,
                            const std::stop_token& stop) {
    try {
        return Rebuild(parts, request, observer, stop)();
    } catch (const std::exception& error) {
        RebuildReport report;
        report.fatal = Error{ErrorKind::internal, std::string("the rebuild broke off: ") + error.what(), {}};
        return report;
    }
}

}  // namespace audio_ident::ingest
