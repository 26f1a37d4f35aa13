#pragma once

#include "catalog/timeline_store.hpp"
#include "jobs/job_store.hpp"
#include "jobs/timeline_files.hpp"

namespace audio_ident::jobs {

/// Keeps jobs of TimelineWork as rows of the catalog, which stay when the queue forgets the jobs. Whoever adds a job
/// adds its row first. Calls wait for the database for ten seconds at most.
class TimelineJobs : public JobStore {
  public:
    /// `rows` outlives it.
    TimelineJobs(catalog::TimelineStore& rows, TimelineFiles files) : rows_(rows), files_(std::move(files)) {}

    /// The jobs that have not ended and whose folder is here: others belong to other services on the same database.
    /// Also removes what a crash has left between folder and row.
    Result<std::vector<Job>> load() override;
    Result<void> save(const Job& job) override;
    void forget(const Uuid&) override {}
    Result<bool> remove(const Uuid& id) override;
    void clean_up(const Uuid& id) override { files_.remove(id); }

  private:
    catalog::TimelineStore& rows_;
    TimelineFiles files_;
};

}  // namespace audio_ident::jobs
