#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/result.hpp"
#include "jobs/job.hpp"
#include "jobs/job_store.hpp"
#include "jobs/run_work.hpp"

namespace audio_ident::jobs {

/// Runs jobs one at a time, in the order in which they were added. Each kind of work has a queue of its own, so that a
/// timeline of a day does not keep an ingest waiting. A job is stored before add() returns. If the service
/// ends before the job, for any reason, the next start runs the job again. Thread-safe.
class JobQueue {
  public:
    /// The queue keeps this many ended jobs, the newest ones.
    static constexpr std::size_t kMaxEnded = 100;
    /// Limit for jobs that have not ended.
    static constexpr std::size_t kMaxQueued = 100;

    /// Continues the jobs in the store. Fails like JobStore::load().
    static Result<std::unique_ptr<JobQueue>> open(std::unique_ptr<JobStore> store, RunWork run);
    /// Stops the running job, which continues at the next start.
    ~JobQueue();

    /// Adds a job, under this id or a new one. Fails with not_available when too many jobs wait or the job cannot be
    /// stored.
    Result<Job> add(Work work, const Uuid& id = Uuid::random());
    /// nullopt when there is no such job.
    std::optional<Job> find(const Uuid& id) const;
    /// As find(), for a thread that must not wait while a job is being stored: then it is `busy`, and tells nothing.
    struct Glance {
        bool busy = false;
        std::optional<Job> job;
    };
    Glance glance(const Uuid& id) const;
    /// Returns the job after the request: cancelled, or still running until it notices. nullopt when there is no such
    /// job. Fails with not_available when the change cannot be stored.
    Result<std::optional<Job>> cancel(const Uuid& id);
    /// Removes a job, also one that only the store knows; stops it when it runs. Returns false when there is no such
    /// job. Fails like JobStore::remove().
    Result<bool> remove(const Uuid& id);

  private:
    JobQueue(std::unique_ptr<JobStore> store, RunWork run) : store_(std::move(store)), run_(std::move(run)) {}
    void take_up(std::vector<Job> jobs);
    void serve(const std::stop_token& stop);
    void work_on(const Uuid& id, const std::stop_token& stop);
    std::optional<Work> begin(const Uuid& id, const std::stop_source& stop_work, const std::stop_token& stop);
    struct Stopped {
        bool cancelled = false;
        bool service_ends = false;
    };
    void end(const Uuid& id, const Result<void>& outcome, const Stopped& stopped);
    std::optional<Job> known(const Uuid& id) const;
    const Job* next_queued() const;
    void store(const Uuid& id);
    void forget_old();
    catalog::Timestamp new_timestamp();

    std::unique_ptr<JobStore> store_;
    RunWork run_;
    mutable std::mutex mutex_;  ///< guards everything below, and calls of the store
    std::condition_variable_any changed_;
    std::map<Uuid, Job> jobs_;
    catalog::Timestamp newest_{};
    std::optional<Uuid> running_;
    bool removed_ = false;        ///< the running job
    std::stop_source stop_work_;  ///< stops the running job
    std::jthread thread_;
};

}  // namespace audio_ident::jobs
