#include "ingest/reembed.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <unordered_set>
#include <utility>
#include <variant>

#include "ingest/progress_meter.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

struct MissingFile {};

struct Output {
    catalog::Track row;
    std::variant<TrackEmbedding, MissingFile, FileFailure, StoreFailure, Abandoned> finding = Abandoned{};
};

using Pipeline = OrderedPipeline<TrackId, Output>;

std::size_t cost_of(const Output& output) {
    const auto* embedding = std::get_if<TrackEmbedding>(&output.finding);
    return 4096 + (embedding ? embedding->vectors.values.size() * sizeof(float) : 0);
}

class Reembedding {
  public:
    Reembedding(const ReembedParts& parts, const ReembedRequest& request, IngestObserver& observer,
                std::stop_token stop)
        : parts_(parts), request_(request), observer_(observer), stop_(std::move(stop)) {}

    ReembedReport operator()() {
        Result<void> done = find_tracks();
        if (done) done = embed_tracks();
        report_.interrupted = stop_.stop_requested();
        if (!done && !(report_.interrupted && done.error().kind == ErrorKind::timeout)) report_.fatal = done.error();
        report_.elapsed_seconds = meter_.elapsed_seconds();
        show_progress();
        return std::move(report_);
    }

  private:
    Result<void> find_tracks() {
        std::unordered_set<TrackId> present;
        if (request_.scope == ReembedScope::missing) {
            const auto ids = parts_.stores.vectors->tracks(Deadline::never(stop_));
            if (!ids) return forward(ids);
            present.insert(ids->begin(), ids->end());
        }
        auto listed = parts_.stores.catalog.for_each_file(
            [&](const catalog::FileRecord& row) {
                if (row.state != catalog::TrackState::ready || present.contains(row.id)) return;
                tracks_.push_back(row.id);
                meter_.found(0);
            },
            Deadline::never(stop_));
        if (!listed) return listed;
        meter_.all_found();
        report_.total = static_cast<std::int64_t>(tracks_.size());
        return {};
    }

    Result<void> embed_tracks() {
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
                           .make_worker = [this] { return [this](const TrackId& id) { return examine(id); }; },
                           .cost = cost_of,
                           .consume =
                               [&](Output output) {
                                   stored = take(std::move(output));
                                   return next();
                               },
                           .tick =
                               [&] {
                                   show_progress();
                                   if (!rows_.empty() && Clock::now() - batch_begin_ >= request_.batch.max_age) {
                                       stored = flush();
                                   }
                                   return next();
                               }},
                          stop_);
        pipeline.run();
        if (stored) stored = flush();
        return stored;
    }

    Output examine(const TrackId& id) const {
        Output output;
        auto row = parts_.stores.catalog.find(id, parts_.stores.deadline());
        if (!row) {
            output.finding = StoreFailure{row.error()};
            return output;
        }
        if (!*row) return output;
        output.row = std::move(**row);
        const auto bytes = util::path_from_text(output.row.file_path);
        const std::filesystem::path path(bytes.value_or(output.row.file_path));
        const Deadline deadline = Deadline::after(request_.examiner.file_timeout, stop_);
        if (deadline.expired()) return output;
        const auto status = file_status(path);
        if (status && !*status) {
            output.finding = MissingFile{};
        } else if (!still_holds(output.row, deadline)) {
            output.finding = FileFailure{{ErrorKind::invalid_input,
                                          "the file has changed since it was ingested; run `audio-ident ingest` on it",
                                          {}}};
        } else if (auto embedding = parts_.embed(path, deadline)) {
            output.finding = std::move(*embedding);
        } else if (!(stop_.stop_requested() && embedding.error().kind == ErrorKind::timeout)) {
            output.finding = FileFailure{embedding.error()};
        }
        return output;
    }

    Result<void> take(Output output) {
        const std::string file = output.row.file_path;
        meter_.done(0, file);
        if (auto* embedding = std::get_if<TrackEmbedding>(&output.finding)) {
            report_.seconds_of_audio += output.row.duration_seconds;
            if (rows_.empty()) batch_begin_ = Clock::now();
            set_embedding(output.row, embedding);
            vectors_.push_back(std::move(embedding->vectors));
            vectors_.back().id = output.row.id;
            rows_.push_back(std::move(output.row));
            return rows_.size() < request_.batch.max_tracks ? Result<void>() : flush();
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

    /// Vectors first: a row never names a model whose vectors are not there.
    Result<void> flush() {
        if (rows_.empty()) return {};
        auto done = parts_.stores.vectors->add(vectors_, parts_.stores.deadline());
        if (done) done = parts_.stores.catalog.put(rows_, parts_.stores.deadline());
        if (done) report_.embedded += static_cast<std::int64_t>(rows_.size());
        vectors_.clear();
        rows_.clear();
        return done;
    }

    void show_progress() {
        IngestProgress progress = meter_.progress(report_.seconds_of_audio);
        progress.embedded = report_.embedded;
        observer_.on_progress(progress);
    }

    using Clock = std::chrono::steady_clock;

    const ReembedParts& parts_;
    const ReembedRequest& request_;
    IngestObserver& observer_;
    std::stop_token stop_;
    ReembedReport report_;
    ProgressMeter meter_;
    std::vector<TrackId> tracks_;
    std::vector<catalog::Track> rows_;  ///< of the batch
    std::vector<index::TrackVectors> vectors_;
    Clock::time_point batch_begin_;
};

}  // namespace

ReembedReport reembed(const ReembedParts& parts, const ReembedRequest& request, IngestObserver& observer,
                      const std::stop_token& stop) {
    try {
        return Reembedding(parts, request, observer, stop)();
    } catch (const std::exception& error) {
        ReembedReport report;
        report.fatal = Error{ErrorKind::internal, std::string("embedding broke off: ") + error.what(), {}};
        return report;
    }
}

}  // namespace audio_ident::ingest
