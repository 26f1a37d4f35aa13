#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "core/result.hpp"
#include "core/uuid.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

/// Jobs of one kind of work, as those who ask for them see them. Jobs run one at a time on each service, in the order
/// in which they were added. A job is stored before add() returns; if its service ends before the job, for any reason,
/// the job runs again. Thread-safe.
class Jobs {
  public:
    /// This many ended jobs are kept, the newest ones.
    static constexpr std::size_t kMaxEnded = 100;
    /// Limit for jobs that have not ended.
    static constexpr std::size_t kMaxQueued = 100;

    virtual ~Jobs() = default;

    /// Adds a job under this id. Fails with not_available when too many jobs wait or the job cannot be stored.
    virtual Result<Job> add(Work work, const Uuid& id) = 0;
    Result<Job> add(Work work) { return add(std::move(work), Uuid::random()); }
    /// nullopt when there is no such job. Fails like JobStore::find().
    virtual Result<std::optional<Job>> find(const Uuid& id) const = 0;
    /// As find(), for a thread that must not wait: while the answer would take time it is `busy`, and tells nothing.
    struct Glance {
        bool busy = false;
        std::optional<Job> job;
    };
    virtual Glance glance(const Uuid& id) const = 0;
    /// Returns the job after the request: cancelled, or still running until it notices. nullopt when there is no such
    /// job. Fails with not_available when the change cannot be stored.
    virtual Result<std::optional<Job>> cancel(const Uuid& id) = 0;
    /// Removes a job, also one that only the store knows; stops it when it runs. Returns false when there is no such
    /// job. Fails like JobStore::remove().
    virtual Result<bool> remove(const Uuid& id) = 0;
};

}  // namespace audio_ident::jobs
