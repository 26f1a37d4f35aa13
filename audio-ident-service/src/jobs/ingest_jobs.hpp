#pragma once

#include <string>

#include "catalog/document_store.hpp"
#include "jobs/job_store.hpp"

namespace audio_ident::jobs {

/// Keeps each job of IngestWork in a document jobs/<id>.json (job_text.hpp), and in jobs/ended/<id>.json when it has
/// ended. Documents are replaced as a whole: a crash at any instant leaves the old job or the new one. Calls wait for
/// the store for ten seconds at most.
class IngestJobs : public JobStore {
  public:
    /// `documents` outlives it.
    explicit IngestJobs(catalog::DocumentStore& documents) : documents_(documents) {}

    Result<std::vector<Job>> load() override;
    Result<std::vector<Job>> unfinished() override;
    Result<std::optional<Job>> find(const Uuid& id) override;
    Result<void> save(const Job& job) override;
    Result<void> forget_old(std::size_t kept) override;
    void forget(const Uuid& id) override { static_cast<void>(remove(id)); }
    Result<bool> remove(const Uuid& id) override;
    void clean_up(const Uuid&) override {}

    /// Moves the jobs that have not ended from one store to another.
    static Result<void> move(catalog::DocumentStore& from, catalog::DocumentStore& to);

  private:
    Result<std::vector<Job>> in_folder(const std::string& folder);

    catalog::DocumentStore& documents_;
};

}  // namespace audio_ident::jobs
