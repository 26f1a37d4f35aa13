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
#include "jobs/jobs.hpp"
#include "jobs/run_work.hpp"

namespace audio_ident::jobs {

/// The Jobs of one service that shares them with nobody. Each kind of work has a queue of its own, so that a timeline
/// of a day does not keep an ingest waiting.
class JobQueue final : public Jobs {
  public:
    /// Continues the jobs in the store. Fails like JobStore::load().
    static Result<std::unique_ptr<JobQueue>> open(std::unique_ptr<JobStore> store, RunWork run);
    /// Stops the running job, which continues at the next start.
    ~JobQueue() override;

    using Jobs::add;
    Result<Job> add(Work work, const Uuid& id) override;
    Result<std::optional<Job>> find(const Uuid& id) const override;
    Glance glance(const Uuid& id) const override;
    Result<std::optional<Job>> cancel(const Uuid& id) override;
    Result<bool> remove(const Uuid& id) override;

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
