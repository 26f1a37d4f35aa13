#pragma once

#include <vector>

#include "core/result.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

/// Where a JobQueue keeps its jobs, so that they survive a crash. The queue makes one call at a time.
class JobStore {
  public:
    virtual ~JobStore() = default;

    /// All jobs, oldest first. Leaves out what it cannot read as a job, and logs it. Fails with not_available.
    virtual Result<std::vector<Job>> load() = 0;
    /// Adds the job or replaces it as a whole; durable when it returns. Fails with not_available.
    virtual Result<void> save(const Job& job) = 0;
    /// Does nothing when there is no such job.
    virtual void remove(const Uuid& id) = 0;
};

}  // namespace audio_ident::jobs
