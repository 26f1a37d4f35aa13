#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/ingest.hpp"
#include "ingest/progress_meter.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

enum class PassScope {
    all,     ///< every track
    missing  ///< those that the index does not have whole
};

struct PassRequest {
    PassScope scope = PassScope::missing;
    unsigned threads = 0;  ///< 0: as many as the machine has
    PipelineSettings pipeline;
    BatchSettings batch;
    ExaminerSettings examiner;
};

/// What a command that reads the files of catalog tracks again did.
struct PassReport {
    std::int64_t total = 0;                  ///< tracks in scope
    std::int64_t done = 0;                   ///< and stored
    std::vector<std::string> missing_files;  ///< not there: their tracks stay as they were
    std::vector<IngestError> errors;         ///< cannot be read, or hold other bytes than when they were ingested
    double seconds_of_audio = 0;
    double elapsed_seconds = 0;
    bool interrupted = false;
    std::optional<Error> fatal;
};

/// Reads the files of catalog tracks again, several at a time, makes a Product of each, and stores these in batches.
/// For one run.
template <typename Product>
class TrackPass {
  public:
    /// On one of several threads. Fails like audio::Decoder::decode().
    using Read = std::function<Result<Product>(const std::filesystem::path&, const Deadline&)>;

    struct Stages {
        std::function<Result<std::vector<TrackId>>()> find;
        std::function<Read()> make_reader;                ///< one a thread
        std::function<std::size_t(const Product&)> cost;  ///< bytes a product holds while it waits
        /// To the batch, on the caller's thread; returns seconds of audio.
        std::function<double(catalog::Track, Product)> add;
        std::function<bool()> batch_is_full;
        std::function<Result<void>()> store;   ///< the batch, which is empty then
        std::function<Result<void>()> finish;  ///< after all is stored
    };

    TrackPass(const Stores& stores, const PassRequest& request, Stages stages, IngestObserver& observer,
              std::stop_token stop)
        : stores_(stores), request_(request), stages_(std::move(stages)), observer_(observer), stop_(std::move(stop)) {}

    /// Never fails as a whole: see the report. What is stored before a stop or a failure stays.
    PassReport operator()() {
        try {
            Result<void> done = run();
            report_.interrupted = stop_.stop_requested();
            if (!done && !(report_.interrupted && done.error().kind == ErrorKind::timeout))
                report_.fatal = done.error();
        } catch (const std::exception& error) {
            report_.fatal = Error{ErrorKind::internal, std::string("it broke off: ") + error.what(), {}};
        }
        report_.elapsed_seconds = meter_.elapsed_seconds();
        show_progress();
        return std::move(report_);
    }

  private:
    using Clock = std::chrono::steady_clock;

    struct MissingFile {};
    struct Output {
        catalog::Track row;
        std::variant<Product, MissingFile, FileFailure, StoreFailure, Abandoned> finding = Abandoned{};
    };
    using Pipeline = OrderedPipeline<TrackId, Output>;

    Result<void> run() {
        const auto tracks = stages_.find();
        if (!tracks) return forward(tracks);
        for (std::size_t i = 0; i < tracks->size(); ++i) meter_.found(0);
        meter_.all_found();
        report_.total = static_cast<std::int64_t>(tracks->size());
        auto done = read(*tracks);
        if (done) done = flush();
        return done && !stop_.stop_requested() ? stages_.finish() : done;
    }

    Result<void> read(const std::vector<TrackId>& tracks) {
        PipelineSettings settings = request_.pipeline;
        settings.threads = request_.threads != 0 ? request_.threads : std::max(1U, std::thread::hardware_concurrency());
        Result<void> stored;
        const auto next = [&] { return stored ? Pipeline::Next::proceed : Pipeline::Next::end; };
        Pipeline pipeline(settings,
                          {.produce =
                               [&](const typename Pipeline::Emit& emit) {
                                   for (const TrackId& id : tracks) {
                                       if (!emit(id)) return;
                                   }
                               },
                           .make_worker =
                               [this] {
                                   return [this, reader = stages_.make_reader()](const TrackId& id) {
                                       return examine(reader, id);
                                   };
                               },
                           .cost =
                               [this](const Output& output) {
                                   const auto* product = std::get_if<Product>(&output.finding);
                                   return 4096 + (product ? stages_.cost(*product) : 0);
                               },
                           .consume =
                               [&](Output output) {
                                   stored = take(std::move(output));
                                   return next();
                               },
                           .tick =
                               [&] {
                                   show_progress();
                                   if (batched_ > 0 && Clock::now() - batch_begin_ >= request_.batch.max_age)
                                       stored = flush();
                                   return next();
                               }},
                          stop_);
        pipeline.run();
        return stored;
    }

    Output examine(const Read& reader, const TrackId& id) const {
        Output output;
        auto row = stores_.catalog.find(id, stores_.deadline());
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
        } else if (auto product = reader(path, deadline)) {
            output.finding = std::move(*product);
        } else if (!(stop_.stop_requested() && product.error().kind == ErrorKind::timeout)) {
            output.finding = FileFailure{product.error()};
        }
        return output;
    }

    Result<void> take(Output output) {
        const std::string file = output.row.file_path;
        meter_.done(0, file);
        if (auto* product = std::get_if<Product>(&output.finding)) {
            if (batched_ == 0) batch_begin_ = Clock::now();
            ++batched_;
            report_.seconds_of_audio += stages_.add(std::move(output.row), std::move(*product));
            return batched_ < request_.batch.max_tracks && !stages_.batch_is_full() ? Result<void>() : flush();
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
        if (batched_ == 0) return {};
        auto done = stages_.store();
        if (done) report_.done += static_cast<std::int64_t>(batched_);
        batched_ = 0;
        return done;
    }

    void show_progress() { observer_.on_progress(meter_.progress(report_.seconds_of_audio)); }

    const Stores& stores_;
    const PassRequest& request_;
    Stages stages_;
    IngestObserver& observer_;
    std::stop_token stop_;
    PassReport report_;
    ProgressMeter meter_;
    std::size_t batched_ = 0;
    Clock::time_point batch_begin_;
};

}  // namespace audio_ident::ingest
