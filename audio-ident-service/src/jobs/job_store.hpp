#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

/// Where a queue keeps its jobs, so that they survive a crash. A SharedJobQueue calls from several threads; a JobQueue
/// makes one call at a time.
class JobStore {
  public:
    virtual ~JobStore() = default;

    /// All jobs, oldest first. Leaves out what it cannot read as a job, and logs it. Fails with not_available.
    virtual Result<std::vector<Job>> load() = 0;
    /// Those of them that have not ended. Fails with not_available.
    virtual Result<std::vector<Job>> unfinished() = 0;
    /// nullopt when there is no such job. Fails with not_available, and when it cannot read the job.
    virtual Result<std::optional<Job>> find(const Uuid& id) = 0;
    /// Adds the job or replaces it as a whole; durable when it returns. Fails with not_available.
    virtual Result<void> save(const Job& job) = 0;
    /// Keeps only the newest ended jobs. Fails with not_available.
    virtual Result<void> forget_old(std::size_t kept) = 0;
    /// The queue keeps no more than the newest ended jobs, and this one is not among them any more.
    virtual void forget(const Uuid& id) = 0;
    /// Removes a job because somebody wants it gone; it may still run. Returns false when there is no such job. Fails
    /// with not_available.
    virtual Result<bool> remove(const Uuid& id) = 0;
    /// A removed job does not run any more: its files can go. Does nothing when there are none.
    virtual void clean_up(const Uuid& id) = 0;
};

}  // namespace audio_ident::jobs
