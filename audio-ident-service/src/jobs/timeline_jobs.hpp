#pragma once

#include "catalog/timeline_store.hpp"
#include "jobs/job_store.hpp"
#include "jobs/timeline_files.hpp"

namespace audio_ident::jobs {

/// Keeps jobs of TimelineWork as rows of the catalog, which stay when the queue forgets the jobs. Whoever adds a job
/// adds its row first. Calls wait for the database for ten seconds at most.
class TimelineJobs : public JobStore {
  public:
    /// `rows` outlives it. `unlisted_for`: how old a mark of TimelineFiles must be so that nobody is about to add its
    /// row, where several services share the files.
    TimelineJobs(catalog::TimelineStore& rows, TimelineFiles files, std::chrono::seconds unlisted_for = {})
        : rows_(rows), files_(std::move(files)), unlisted_for_(unlisted_for) {}

    /// As unfinished(). Also removes what a crash has left between folder and row.
    Result<std::vector<Job>> load() override;
    /// The jobs that have not ended and whose folder is here: others belong to services that have other folders.
    Result<std::vector<Job>> unfinished() override;
    Result<std::optional<Job>> find(const Uuid& id) override;
    Result<void> save(const Job& job) override;
    Result<void> forget_old(std::size_t) override { return {}; }
    void forget(const Uuid&) override {}
    Result<bool> remove(const Uuid& id) override;
    void clean_up(const Uuid& id) override { files_.remove(id); }

  private:
    catalog::TimelineStore& rows_;
    TimelineFiles files_;
    std::chrono::seconds unlisted_for_;
};

}  // namespace audio_ident::jobs
