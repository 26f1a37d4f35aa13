#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/pass.hpp"
#include "ingest/progress_meter.hpp"
#include "util/ordered_pipeline.hpp"

namespace audio_ident::ingest {

/// What a worker of a pass makes of a track.
template <typename Product>
struct PassResult {
    catalog::Track row;
    std::variant<Product, Obstacle> product;
};

/// Reads the files of catalog tracks again, several at a time, makes a Product of each, and stores the products in
/// batches. A derived class decides which tracks, how to read a file, and how to store a batch. For one run.
template <typename Product>
class TrackPass : private util::PipelineStages<TrackId, PassResult<Product>> {
  public:
    /// Reads files, one after the other, on one thread.
    class Reader {
      public:
        virtual ~Reader() = default;
        /// Fails like audio::Decoder::decode().
        virtual Result<Product> read(const PassTrack& track, const Deadline& deadline) = 0;
    };

    /// Never fails as a whole; the report lists failures. Everything stored before a stop or a failure stays.
    PassReport run() {
        try {
            Result<void> done = pass();
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

  protected:
    /// The first three outlive the pass.
    TrackPass(const Stores& stores, const PassRequest& request, IngestObserver& observer, std::stop_token stop)
        : stores_(stores), request_(request), observer_(observer), stop_(std::move(stop)) {}

    const Stores& stores() const { return stores_; }
    const PassRequest& request() const { return request_; }
    /// The deadline of calls that may take as long as they need.
    Deadline until_stopped() const { return Deadline::never(stop_); }

  private:
    /// The tracks to read. Also brings the stores into the state that the pass begins with.
    virtual Result<std::vector<TrackId>> find() = 0;
    /// Makes the reader of one thread.
    virtual std::unique_ptr<Reader> make_reader() = 0;
    /// The bytes that a product holds while it waits. Called on any thread.
    virtual std::size_t bytes_of(const Product& product) const = 0;
    /// Adds a product to the batch. Returns its seconds of audio.
    virtual double add(catalog::Track row, Product product) = 0;
    virtual bool batch_is_full() const { return false; }
    /// Stores the batch, which is empty afterwards.
    virtual Result<void> store() = 0;
    /// Called when everything is stored.
    virtual Result<void> finish() { return {}; }

    using Clock = std::chrono::steady_clock;
    using Stages = util::PipelineStages<TrackId, PassResult<Product>>;
    using typename Stages::Emit;
    using typename Stages::Next;

    class Worker final : public Stages::Worker {
      public:
        explicit Worker(TrackPass& pass) : pass_(pass), reader_(pass.make_reader()) {}

        PassResult<Product> work(TrackId id) override {
            const Deadline deadline = Deadline::after(pass_.request_.examiner.file_timeout, pass_.stop_);
            PassTrack track = find_pass_track(pass_.stores_, id, deadline);
            if (track.obstacle) return {std::move(track.row), std::move(*track.obstacle)};
            auto product = reader_->read(track, deadline);
            if (product) return {std::move(track.row), std::move(*product)};
            const bool stopped = pass_.stop_.stop_requested() && product.error().kind == ErrorKind::timeout;
            return {std::move(track.row), stopped ? Obstacle(Abandoned{}) : Obstacle(FileFailure{product.error()})};
        }

      private:
        TrackPass& pass_;
        std::unique_ptr<Reader> reader_;
    };

    Result<void> pass() {
        auto tracks = find();
        if (!tracks) return forward(tracks);
        tracks_ = std::move(*tracks);
        for (std::size_t i = 0; i < tracks_.size(); ++i) meter_.found(0);
        meter_.all_found();
        report_.total = static_cast<std::int64_t>(tracks_.size());
        util::PipelineSettings settings;
        settings.threads = request_.threads;
        util::OrderedPipeline<TrackId, PassResult<Product>>(settings, *this, stop_).run();
        if (stored_) stored_ = flush();
        return stored_ && !stop_.stop_requested() ? finish() : stored_;
    }

    void produce(const Emit& emit) override {
        for (const TrackId& id : tracks_) {
            if (!emit(id)) return;
        }
    }
    std::unique_ptr<typename Stages::Worker> make_worker() override { return std::make_unique<Worker>(*this); }
    std::size_t cost(const PassResult<Product>& result) const override {
        constexpr std::size_t kRow = 4096;  // about
        const auto* product = std::get_if<Product>(&result.product);
        return kRow + (product ? bytes_of(*product) : 0);
    }
    Next consume(PassResult<Product> result) override {
        stored_ = take(std::move(result));
        return stored_ ? Next::proceed : Next::end;
    }
    Next tick() override {
        show_progress();
        if (batched_ > 0 && Clock::now() - batch_begin_ >= request_.batch.max_age) stored_ = flush();
        return stored_ ? Next::proceed : Next::end;
    }

    Result<void> take(PassResult<Product> result) {
        meter_.done(0, result.row.file_path);
        if (const auto* obstacle = std::get_if<Obstacle>(&result.product)) return note(result.row.file_path, *obstacle);
        if (batched_ == 0) batch_begin_ = Clock::now();
        ++batched_;
        report_.seconds_of_audio += add(std::move(result.row), std::move(std::get<Product>(result.product)));
        return batched_ < request_.batch.max_tracks && !batch_is_full() ? Result<void>() : flush();
    }

    Result<void> note(const std::string& file, const Obstacle& obstacle) {
        if (const auto* store = std::get_if<StoreFailure>(&obstacle)) return Unexpected(store->error);
        if (std::holds_alternative<MissingFile>(obstacle)) report_.missing_files.push_back(file);
        if (const auto* failure = std::get_if<FileFailure>(&obstacle)) {
            report_.errors.push_back({file, failure->error.message, failure->error.kind});
            observer_.on_file({file, FileOutcome::failed, failure->error.message});
        }
        return {};
    }

    Result<void> flush() {
        if (batched_ == 0) return {};
        auto done = store();
        if (done) report_.done += static_cast<std::int64_t>(batched_);
        batched_ = 0;
        return done;
    }

    void show_progress() { observer_.on_progress(meter_.progress(report_.seconds_of_audio)); }

    const Stores& stores_;
    const PassRequest& request_;
    IngestObserver& observer_;
    std::stop_token stop_;
    PassReport report_;
    ProgressMeter meter_;
    std::vector<TrackId> tracks_;
    Result<void> stored_;
    std::size_t batched_ = 0;
    Clock::time_point batch_begin_;
};

}  // namespace audio_ident::ingest
