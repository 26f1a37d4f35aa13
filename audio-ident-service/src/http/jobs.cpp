#include "http/jobs.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>

#include "catalog/timestamp_text.hpp"
#include "core/uuid.hpp"
#include "util/path_text.hpp"

namespace audio_ident::http {
namespace {

constexpr std::size_t kMaxErrors = 1000;  ///< that a job lists
constexpr auto kLockTimeout = std::chrono::seconds(5);
constexpr auto kRetry = std::chrono::milliseconds(100);

std::string now_text() {
    return catalog::timestamp_to_text(catalog::current_timestamp());
}

bool has_ended(const IngestJob& job) {
    return job.status != JobStatus::queued && job.status != JobStatus::running;
}

IngestReport to_report(const ingest::IngestReport& report) {
    IngestReport result{report.total,   report.ingested, report.duplicates, {},
                        report.updated, report.moved,    report.unchanged};
    for (const auto& error : report.errors) {
        if (result.errors.size() == kMaxErrors) break;
        result.errors.push_back({error.file, error.error});
    }
    return result;
}

/// A job's report over its parts: what an earlier one stored, the later one met again, unchanged.
ingest::IngestReport joined(const ingest::IngestReport& before, ingest::IngestReport part) {
    const auto stored = before.ingested + before.updated + before.moved;
    part.unchanged = std::max<std::int64_t>(0, part.unchanged - stored);
    part.ingested += before.ingested;
    part.updated += before.updated;
    part.moved += before.moved;
    return part;
}

}  // namespace

/// Shows the progress of the running job.
class Jobs::Observer : public ingest::IngestObserver {
  public:
    Observer(Jobs& jobs, std::string id) : jobs_(jobs), id_(std::move(id)) {}

    void on_progress(const ingest::IngestProgress& progress) override {
        const std::lock_guard lock(jobs_.mutex_);
        jobs_.jobs_[id_].progress = {progress.files_done, progress.files_total, progress.seconds_of_audio,
                                     progress.remaining_seconds};
    }

  private:
    Jobs& jobs_;
    std::string id_;
};

Jobs::Jobs(const Library& library, std::filesystem::path folder, unsigned threads)
    : library_(library), store_(std::move(folder)), threads_(threads) {}

Result<std::unique_ptr<Jobs>> Jobs::open(const Library& library, std::filesystem::path folder, unsigned threads) {
    std::unique_ptr<Jobs> jobs(new Jobs(library, std::move(folder), threads));
    auto stored = jobs->store_.load();
    if (!stored) return forward(stored);
    for (auto& job : *stored) {
        if (job.status == JobStatus::running) {
            job.status = JobStatus::queued;
            ++job.restarts;
            spdlog::info("the ingest of {} goes on", job.directory);
        }
        auto id = job.id;
        jobs->jobs_.emplace(std::move(id), std::move(job));
    }
    jobs->thread_ = std::jthread([self = jobs.get()](const std::stop_token& stop) { self->run(stop); });
    return jobs;
}

Jobs::~Jobs() {
    thread_.request_stop();
    const std::lock_guard lock(mutex_);
    cancelled_.request_stop();
}

Result<IngestJob> Jobs::add(const std::string& directory) {
    IngestJob job;
    job.id = Uuid::random().to_string();
    job.directory = directory;
    job.created_at = now_text();
    const std::lock_guard lock(mutex_);
    const auto waiting =
        std::count_if(jobs_.begin(), jobs_.end(), [](const auto& entry) { return !has_ended(entry.second); });
    if (static_cast<std::size_t>(waiting) >= kMaxQueued)
        return fail(ErrorKind::not_available, "{} ingest jobs wait already", waiting);
    if (auto saved = store_.save(job); !saved) return forward(saved);
    jobs_[job.id] = job;
    forget_old();
    changed_.notify_all();
    return job;
}

std::optional<IngestJob> Jobs::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<IngestJob>> Jobs::cancel(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return std::optional<IngestJob>();
    IngestJob& job = found->second;
    if (id == running_) cancelled_.request_stop();
    if (job.status == JobStatus::queued) {
        IngestJob ended = job;
        ended.status = JobStatus::cancelled;
        ended.finished_at = now_text();
        if (auto saved = store_.save(ended); !saved) return forward(saved);
        job = std::move(ended);
    }
    return std::optional(job);
}

void Jobs::forget_old() {
    std::vector<std::pair<std::string, std::string>> ended;  // when, id
    for (const auto& [id, job] : jobs_) {
        if (has_ended(job)) ended.emplace_back(job.created_at, id);
    }
    if (ended.size() <= kMaxEnded) return;
    std::sort(ended.begin(), ended.end());
    for (std::size_t i = 0; i < ended.size() - kMaxEnded; ++i) {
        store_.remove(ended[i].second);
        jobs_.erase(ended[i].second);
    }
}

void Jobs::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::string next;
        {
            std::unique_lock lock(mutex_);
            const auto oldest = [this] {
                const IngestJob* first = nullptr;
                for (const auto& [id, job] : jobs_) {
                    if (job.status == JobStatus::queued && (!first || job.created_at < first->created_at)) first = &job;
                }
                return first;
            };
            if (!changed_.wait(lock, stop, [&] { return oldest() != nullptr; })) return;
            next = oldest()->id;
        }
        work_on(next, stop);
    }
}

void Jobs::work_on(const std::string& id, const std::stop_token& stop) {
    std::stop_source cancelled;
    {
        const std::lock_guard lock(mutex_);
        // Under the lock, so that the destructor cannot miss the job that is begun here.
        if (jobs_[id].status != JobStatus::queued || stop.stop_requested()) return;
        cancelled_ = cancelled;
        running_ = id;
        jobs_[id].status = JobStatus::running;
        jobs_[id].report = {};
    }
    store(id);

    ingest::IngestReport report;
    // Requests that want to write go first: then what is left to do is found again, and what is stored is not done again.
    for (bool paused = true; paused;) {
        const auto pause = library_.turns.wait_for_turn(cancelled.get_token());
        auto part = ingest_part(id, pause, cancelled.get_token());
        paused = pause.stop_requested() && part.interrupted && !part.fatal && !cancelled.stop_requested();
        report = joined(report, std::move(part));
    }

    {
        const std::lock_guard guard(mutex_);
        IngestJob& job = jobs_[id];
        running_.clear();
        job.report = to_report(report);
        // Ended by the service's own end: it stays as it is, to go on at the next start.
        if (stop.stop_requested() && !report.fatal) return;
        job.status = report.fatal                 ? JobStatus::failed
                     : cancelled.stop_requested() ? JobStatus::cancelled
                                                  : JobStatus::finished;
        if (report.fatal) job.error = report.fatal->message;
        job.finished_at = now_text();
        job.progress.remaining_seconds.reset();
    }
    store(id);
}

/// Until it is done, or another wants to write.
ingest::IngestReport Jobs::ingest_part(const std::string& id, const std::stop_token& pause,
                                       const std::stop_token& cancelled) {
    ingest::IngestReport report;
    auto lock = library_.lock("audio-ident serve: ingest job", Deadline::after(kLockTimeout, cancelled));
    // Another program's ingest may take hours: the job waits for it.
    while (!lock && lock.error().kind == ErrorKind::not_available && !cancelled.stop_requested()) {
        std::this_thread::sleep_for(kRetry);
        lock = library_.lock("audio-ident serve: ingest job", Deadline::after(kLockTimeout, cancelled));
    }
    if (!lock) {
        if (!cancelled.stop_requested()) report.fatal = lock.error();
        return report;
    }
    Observer observer(*this, id);
    ingest::IngestRequest request;
    const auto directory = snapshot(id).directory;
    request.paths = {util::path_from_text(directory).value_or(directory)};
    request.threads = threads_;
    request.pause = pause;
    return ingest::run_ingest(
        {library_.stores(), library_.make_analyzer, library_.chromaprint, *lock, library_.duplicate_notes}, request,
        observer, cancelled);
}

IngestJob Jobs::snapshot(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return jobs_.at(id);
}

void Jobs::store(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (auto saved = store_.save(jobs_.at(id)); !saved) spdlog::error("{}", saved.error().message);
}

}  // namespace audio_ident::http
