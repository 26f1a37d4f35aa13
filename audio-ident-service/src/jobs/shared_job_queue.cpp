#include "jobs/shared_job_queue.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::jobs {
namespace {

using catalog::JobLeases;

constexpr auto kForgetWatched = std::chrono::seconds(30);
constexpr std::int64_t kMostDoublings = 5;

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

}  // namespace

Result<std::unique_ptr<SharedJobQueue>> SharedJobQueue::open(std::unique_ptr<JobStore> store, JobLeases& leases,
                                                             RunWork run, const Pace& pace) {
    std::unique_ptr<SharedJobQueue> queue(new SharedJobQueue(std::move(store), leases, std::move(run), pace));
    if (const auto loaded = queue->store_->load(); !loaded) return forward(loaded);
    queue->keeper_ = std::jthread([self = queue.get()](const std::stop_token& stop) { self->keep(stop); });
    queue->server_ = std::jthread([self = queue.get()](const std::stop_token& stop) { self->serve(stop); });
    return queue;
}

SharedJobQueue::~SharedJobQueue() {
    server_.request_stop();
    {
        const std::lock_guard lock(mutex_);
        if (running_) running_->stop_work.request_stop();
    }
    if (server_.joinable()) server_.join();
}

Result<Job> SharedJobQueue::add(Work work, const Uuid& id) {
    const auto waiting = store_->unfinished();
    if (!waiting) return forward(waiting);
    if (waiting->size() >= kMaxQueued)
        return fail(ErrorKind::not_available, "{} jobs are waiting already; try again later", waiting->size());
    Job job{.id = id, .created_at = catalog::current_timestamp(), .work = std::move(work)};
    if (auto saved = store_->save(job); !saved) return forward(saved);
    const std::lock_guard lock(mutex_);
    added_ = true;
    changed_.notify_all();
    return job;
}

Result<std::optional<Job>> SharedJobQueue::find(const Uuid& id) const {
    {
        const std::lock_guard lock(mutex_);
        if (running_ && running_->job.id == id) return running_->removed ? std::nullopt : std::optional(running_->job);
    }
    return store_->find(id);
}

Jobs::Glance SharedJobQueue::glance(const Uuid& id) const {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return {.busy = true, .job = std::nullopt};
    if (running_ && running_->job.id == id) {
        watched_.erase(id);
        return {.busy = false, .job = running_->removed ? std::nullopt : std::optional(running_->job)};
    }
    auto& watched = watched_[id];
    watched.asked = Clock::now();
    if (watched.known) return {.busy = false, .job = watched.job};
    watching_ = true;
    changed_.notify_all();
    return {.busy = true, .job = std::nullopt};
}

template <typename Mark>
std::optional<Job> SharedJobQueue::stop_running(const Uuid& id, const Mark& mark) {
    const std::lock_guard lock(mutex_);
    if (!running_ || running_->job.id != id) return std::nullopt;
    mark(*running_);
    running_->stop_work.request_stop();
    return running_->job;
}

Result<std::optional<Job>> SharedJobQueue::cancel(const Uuid& id) {
    while (true) {
        if (auto job = stop_running(id, [](Running& running) { running.cancelled = true; })) return job;
        auto job = store_->find(id);
        if (!job || !*job || has_ended(**job)) return job;
        // Who ends a job that nobody works on has its lease, as who works on it.
        const auto taken = leases_.take(id, soon());
        if (!taken) return forward(taken);
        if (*taken) break;
        const auto told = leases_.cancel(id, soon());
        if (!told) return forward(told);
        if (*told) return job;
    }
    auto job = store_->find(id);
    Result<void> saved;
    if (job && *job && !has_ended(**job)) {
        (*job)->status = Status::cancelled;
        (*job)->finished_at = catalog::current_timestamp();
        saved = store_->save(**job);
    }
    static_cast<void>(leases_.release(id, soon()));
    if (!saved) return forward(saved);
    return job;
}

Result<bool> SharedJobQueue::remove(const Uuid& id) {
    auto removed = store_->remove(id);
    if (!removed) return removed;
    if (stop_running(id, [](Running& running) { running.removed = true; })) return removed;
    const auto told = leases_.cancel(id, soon());
    // Whoever works on it removes its files then. When that cannot be said, the next start of a service does.
    if (told && !*told) store_->clean_up(id);
    return removed;
}

void SharedJobQueue::serve(const std::stop_token& stop) {
    std::string trouble;
    while (!stop.stop_requested()) {
        auto job = take();
        if (!job && trouble != job.error().message) spdlog::warn("cannot look for jobs: {}", job.error().message);
        trouble = job ? std::string() : job.error().message;
        if (job && *job) {
            work_on(std::move(**job), stop);
            continue;
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, pace_.look, [this] { return added_; });
        added_ = false;
    }
}

/// The oldest job that nobody works on.
Result<std::optional<Job>> SharedJobQueue::take() {
    const auto jobs = store_->unfinished();
    if (!jobs) return forward(jobs);
    for (const Job& job : *jobs) {
        if (is_put_off(job.id)) continue;
        const auto taken = leases_.take(job.id, soon());
        if (!taken) return forward(taken);
        if (!*taken) continue;
        auto mine = take(job.id);
        if (!mine || !*mine) static_cast<void>(leases_.release(job.id, soon()));
        if (!mine || *mine) return mine;
    }
    return std::nullopt;
}

/// A job whose lease was just taken. nullopt when it has ended in the meantime.
Result<std::optional<Job>> SharedJobQueue::take(const Uuid& id) {
    auto job = store_->find(id);
    if (!job || !*job) return job;
    auto& found = **job;
    const bool ended = has_ended(found);
    if (found.status == Status::running) {
        ++found.restarts;
        spdlog::info("job {} continues", id.to_string());
    }
    if (!ended) found.status = Status::running;
    // One that has ended and was still listed is stored again, so that it is listed no more.
    if (auto saved = store_->save(found); !saved) return forward(saved);
    return ended ? std::nullopt : std::move(*job);
}

bool SharedJobQueue::is_put_off(const Uuid& id) {
    const auto found = put_off_.find(id);
    if (found == put_off_.end()) return false;
    if (found->second > Clock::now()) return true;
    put_off_.erase(found);
    return false;
}

void SharedJobQueue::work_on(Job job, const std::stop_token& stop) {
    const std::stop_source stop_work;
    const auto work = job.work;
    {
        const std::lock_guard lock(mutex_);
        running_ = Running{.job = std::move(job), .stop_work = stop_work, .renewed = Clock::now()};
        // Under the lock, so that the destructor cannot miss the job that begins here.
        if (stop.stop_requested()) running_->stop_work.request_stop();
    }
    const auto show = [this](Work changed) {
        const std::lock_guard lock(mutex_);
        running_->job.work = std::move(changed);
    };
    const auto outcome = run_(work, show, stop_work.get_token());
    end(outcome, stop.stop_requested());
}

void SharedJobQueue::end(const Result<void>& outcome, bool service_ends) {
    const std::lock_guard storing(storing_);
    std::optional<Running> ended;
    {
        const std::lock_guard lock(mutex_);
        ended = std::exchange(running_, std::nullopt);
        watched_.erase(ended->job.id);
    }
    settle(std::move(*ended), outcome, service_ends);
}

void SharedJobQueue::settle(Running ended, const Result<void>& outcome, bool service_ends) {
    auto& job = ended.job;
    if (ended.lost) {
        spdlog::warn("job {}: another service goes on with it", job.id.to_string());
        return;
    }
    const auto stored = store_->find(job.id);
    if (stored && !*stored) {
        store_->clean_up(job.id);
    } else {
        const bool again = !outcome && !ended.cancelled && may_pass(outcome.error()) && job.restarts < kMostRestarts;
        if (again) {
            job.status = Status::queued;
            put_off_[job.id] = Clock::now() + pace_.retry * (std::int64_t{1} << std::min(job.restarts, kMostDoublings));
            ++job.restarts;
            spdlog::warn("job {} is tried again: {}", job.id.to_string(), outcome.error().message);
        } else if (!outcome || ended.cancelled || !service_ends) {
            job.status = !outcome ? Status::failed : ended.cancelled ? Status::cancelled : Status::finished;
            if (!outcome) job.error = outcome.error().message;
            job.finished_at = catalog::current_timestamp();
        }
        if (auto saved = store_->save(job); !saved) {
            spdlog::error("job {} will run again: {}", job.id.to_string(), saved.error().message);
            return;
        }
        if (has_ended(job)) static_cast<void>(store_->forget_old(kMaxEnded));
    }
    static_cast<void>(leases_.release(job.id, soon()));
}

void SharedJobQueue::keep(const std::stop_token& stop) {
    auto next = Clock::now() + pace_.renew;
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_until(lock, stop, next, [this] { return watching_; });
            watching_ = false;
        }
        if (stop.stop_requested()) return;
        look_at_watched();
        if (Clock::now() < next) continue;
        renew();
        next = Clock::now() + pace_.renew;
    }
}

void SharedJobQueue::renew() {
    const std::lock_guard storing(storing_);
    std::optional<Job> job;
    {
        const std::lock_guard lock(mutex_);
        if (running_ && !running_->lost) job = running_->job;
    }
    if (!job) return;
    const auto begin = Clock::now();
    const auto held = leases_.renew(job->id, Deadline::after(JobLeases::kLease / 4));
    // What others see of it is a little old when this fails, and nothing else.
    if (held && *held == JobLeases::Held::yes) static_cast<void>(store_->save(*job));
    const std::lock_guard lock(mutex_);
    auto& running = *running_;  // end() waits for storing_
    if (held && *held != JobLeases::Held::no) running.renewed = begin;
    running.lost = held ? *held == JobLeases::Held::no : begin - running.renewed > JobLeases::kLease;
    running.cancelled = running.cancelled || (held && *held == JobLeases::Held::cancelled);
    if (running.lost || running.cancelled) running.stop_work.request_stop();
}

void SharedJobQueue::look_at_watched() {
    std::vector<Uuid> wanted;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(watched_, [](const auto& entry) { return Clock::now() - entry.second.asked > kForgetWatched; });
        for (const auto& [id, watched] : watched_) wanted.push_back(id);
    }
    for (const Uuid& id : wanted) {
        auto job = store_->find(id);
        if (!job) continue;
        const std::lock_guard lock(mutex_);
        const auto found = watched_.find(id);
        if (found == watched_.end()) continue;
        found->second.known = true;
        found->second.job = std::move(*job);
    }
}

}  // namespace audio_ident::jobs
