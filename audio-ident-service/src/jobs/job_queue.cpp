#include "jobs/job_queue.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <vector>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::jobs {

Result<std::unique_ptr<JobQueue>> JobQueue::open(std::unique_ptr<JobStore> store, RunWork run) {
    std::unique_ptr<JobQueue> queue(new JobQueue(std::move(store), std::move(run)));
    auto stored = queue->store_->load();
    if (!stored) return forward(stored);
    queue->take_up(std::move(*stored));
    queue->thread_ = std::jthread([self = queue.get()](const std::stop_token& stop) { self->serve(stop); });
    return queue;
}

void JobQueue::take_up(std::vector<Job> jobs) {
    for (auto& job : jobs) {
        if (job.status == Status::running) {
            job.status = Status::queued;
            ++job.restarts;
            spdlog::info("job {} continues", job.id.to_string());
        }
        newest_ = std::max(newest_, job.created_at);
        const auto id = job.id;
        jobs_.emplace(id, std::move(job));
    }
}

JobQueue::~JobQueue() {
    thread_.request_stop();
    const std::lock_guard lock(mutex_);
    stop_work_.request_stop();
}

/// A time later than that of all other jobs: the queue sorts by it.
catalog::Timestamp JobQueue::new_timestamp() {
    newest_ = std::max(catalog::current_timestamp(), newest_ + std::chrono::microseconds(1));
    return newest_;
}

Result<Job> JobQueue::add(Work work, const Uuid& id) {
    const std::lock_guard lock(mutex_);
    const auto waiting = std::ranges::count_if(jobs_, [](const auto& entry) { return !has_ended(entry.second); });
    if (static_cast<std::size_t>(waiting) >= kMaxQueued)
        return fail(ErrorKind::not_available, "{} jobs are waiting already; try again later", waiting);
    const Job job{.id = id, .created_at = new_timestamp(), .work = std::move(work)};
    if (auto saved = store_->save(job); !saved) return forward(saved);
    jobs_.emplace(job.id, job);
    forget_old();
    changed_.notify_all();
    return job;
}

Result<std::optional<Job>> JobQueue::find(const Uuid& id) const {
    const std::lock_guard lock(mutex_);
    return known(id);
}

JobQueue::Glance JobQueue::glance(const Uuid& id) const {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    return lock ? Glance{false, known(id)} : Glance{true, std::nullopt};
}

std::optional<Job> JobQueue::known(const Uuid& id) const {
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || (removed_ && running_ == id)) return std::nullopt;
    return found->second;
}

Result<std::optional<Job>> JobQueue::cancel(const Uuid& id) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return std::optional<Job>();
    Job& job = found->second;
    if (running_ == id) stop_work_.request_stop();
    if (job.status == Status::queued) {
        Job ended = job;
        ended.status = Status::cancelled;
        ended.finished_at = catalog::current_timestamp();
        if (auto saved = store_->save(ended); !saved) return forward(saved);
        job = std::move(ended);
    }
    return std::optional(job);
}

Result<bool> JobQueue::remove(const Uuid& id) {
    const std::lock_guard lock(mutex_);
    auto removed = store_->remove(id);
    if (!removed) return removed;
    if (running_ == id) {
        removed_ = true;
        stop_work_.request_stop();
        return removed;
    }
    jobs_.erase(id);
    store_->clean_up(id);
    return removed;
}

void JobQueue::forget_old() {
    std::vector<std::pair<catalog::Timestamp, Uuid>> ended;
    for (const auto& [id, job] : jobs_) {
        if (has_ended(job)) ended.emplace_back(job.created_at, id);
    }
    if (ended.size() <= kMaxEnded) return;
    std::ranges::sort(ended);
    ended.resize(ended.size() - kMaxEnded);
    for (const auto& [created_at, id] : ended) {
        store_->forget(id);
        jobs_.erase(id);
    }
}

const Job* JobQueue::next_queued() const {
    const Job* next = nullptr;
    for (const auto& [id, job] : jobs_) {
        if (job.status == Status::queued && (!next || job.created_at < next->created_at)) next = &job;
    }
    return next;
}

void JobQueue::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        Uuid next;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return next_queued() != nullptr; })) return;
            next = next_queued()->id;
        }
        work_on(next, stop);
    }
}

void JobQueue::work_on(const Uuid& id, const std::stop_token& stop) {
    const std::stop_source stop_work;
    auto work = begin(id, stop_work, stop);
    if (!work) return;
    const auto show = [this, &id](Work changed) {
        const std::lock_guard lock(mutex_);
        jobs_.at(id).work = std::move(changed);
    };
    const auto outcome = run_(std::move(*work), show, stop_work.get_token());
    end(id, outcome, {.cancelled = stop_work.stop_requested(), .service_ends = stop.stop_requested()});
}

/// nullopt when the job was cancelled or removed in the meantime, or the queue ends.
std::optional<Work> JobQueue::begin(const Uuid& id, const std::stop_source& stop_work, const std::stop_token& stop) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return std::nullopt;
    Job& job = found->second;
    // Under the lock, so that the destructor cannot miss the job that begins here.
    if (job.status != Status::queued || stop.stop_requested()) return std::nullopt;
    stop_work_ = stop_work;
    running_ = id;
    removed_ = false;
    job.status = Status::running;
    store(id);
    return job.work;
}

void JobQueue::end(const Uuid& id, const Result<void>& outcome, const Stopped& stopped) {
    const std::lock_guard lock(mutex_);
    running_.reset();
    if (removed_) {
        jobs_.erase(id);
        store_->clean_up(id);
        return;
    }
    // A job that stopped because the service ends stays stored as it is, and continues at the next start.
    if (stopped.service_ends && outcome) return;
    Job& job = jobs_.at(id);
    job.status = !outcome ? Status::failed : stopped.cancelled ? Status::cancelled : Status::finished;
    if (!outcome) job.error = outcome.error().message;
    job.finished_at = catalog::current_timestamp();
    store(id);
}

void JobQueue::store(const Uuid& id) {
    if (auto saved = store_->save(jobs_.at(id)); !saved) spdlog::error("{}", saved.error().message);
}

}  // namespace audio_ident::jobs
