#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "catalog/job_leases.hpp"
#include "core/result.hpp"
#include "jobs/job_store.hpp"
#include "jobs/jobs.hpp"
#include "jobs/run_work.hpp"

namespace audio_ident::jobs {

/// The Jobs of several services that share a store. Each takes the oldest job that nobody works on, and says every two
/// seconds that it goes on, and how far it is: so every service can show every job, and the job of a service that died
/// goes on elsewhere when its lease ends. A job that failed because a store was not available is tried again, by
/// whoever takes it then. Work may run twice in parts, and must have the same result then.
class SharedJobQueue final : public Jobs {
  public:
    struct Pace {
        std::chrono::milliseconds look = std::chrono::seconds(1);   ///< for a job to take
        std::chrono::milliseconds renew = std::chrono::seconds(2);  ///< the lease, and what others see of the job
        /// Before a job that failed is tried again; twice as long each time.
        std::chrono::milliseconds retry = std::chrono::seconds(1);
    };
    /// A job that a missing store has failed so often stays failed.
    static constexpr std::int64_t kMostRestarts = 10;

    /// `leases` outlives it. Fails like JobStore::load().
    static Result<std::unique_ptr<SharedJobQueue>> open(std::unique_ptr<JobStore> store, catalog::JobLeases& leases,
                                                        RunWork run, const Pace& pace);
    /// Stops the running job and gives it back: another service continues it.
    ~SharedJobQueue() override;

    using Jobs::add;
    Result<Job> add(Work work, const Uuid& id) override;
    Result<std::optional<Job>> find(const Uuid& id) const override;
    Glance glance(const Uuid& id) const override;
    Result<std::optional<Job>> cancel(const Uuid& id) override;
    Result<bool> remove(const Uuid& id) override;

  private:
    using Clock = std::chrono::steady_clock;

    /// The job that this service works on.
    struct Running {
        Job job;
        std::stop_source stop_work;
        Clock::time_point renewed;  ///< when the lease was
        bool cancelled = false;
        bool removed = false;
        bool lost = false;  ///< another service may work on it by now
    };
    /// What glance() knows of a job of another service.
    struct Watched {
        Clock::time_point asked;
        bool known = false;
        std::optional<Job> job;
    };

    SharedJobQueue(std::unique_ptr<JobStore> store, catalog::JobLeases& leases, RunWork run, const Pace& pace)
        : store_(std::move(store)), leases_(leases), run_(std::move(run)), pace_(pace) {}
    void serve(const std::stop_token& stop);
    Result<std::optional<Job>> take();
    Result<std::optional<Job>> take(const Uuid& id);
    bool is_put_off(const Uuid& id);
    void work_on(Job job, const std::stop_token& stop);
    void end(const Result<void>& outcome, bool service_ends);
    void settle(Running ended, const Result<void>& outcome, bool service_ends);
    void keep(const std::stop_token& stop);
    void renew();
    void look_at_watched();
    /// Stops the job if this service works on it.
    template <typename Mark>
    std::optional<Job> stop_running(const Uuid& id, const Mark& mark);

    const std::unique_ptr<JobStore> store_;
    catalog::JobLeases& leases_;
    const RunWork run_;
    const Pace pace_;
    std::map<Uuid, Clock::time_point> put_off_;  ///< of the serving thread: jobs not to take before
    std::mutex storing_;                         ///< of the running job, so that what is stored last is the newest
    mutable std::mutex mutex_;                   ///< guards everything below
    mutable std::condition_variable_any changed_;
    std::optional<Running> running_;
    bool added_ = false;
    mutable bool watching_ = false;  ///< glance() was asked for a job that is not in watched_ yet
    mutable std::map<Uuid, Watched> watched_;
    std::jthread keeper_;
    std::jthread server_;
};

}  // namespace audio_ident::jobs
