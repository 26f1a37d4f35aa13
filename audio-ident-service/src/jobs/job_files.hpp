#pragma once

#include <filesystem>

#include "jobs/job_store.hpp"

namespace audio_ident::jobs {

/// Keeps each job in a file <id>.json (job_text.hpp). Files are replaced as a whole: a crash at any instant leaves the
/// old job or the new one.
class JobFiles : public JobStore {
  public:
    /// load() makes the folder.
    explicit JobFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<std::vector<Job>> load() override;
    Result<void> save(const Job& job) override;
    void forget(const Uuid& id) override { static_cast<void>(remove(id)); }
    Result<bool> remove(const Uuid& id) override;
    void clean_up(const Uuid&) override {}

  private:
    std::filesystem::path path_of(const Uuid& id) const { return folder_ / (id.to_string() + ".json"); }

    std::filesystem::path folder_;
};

}  // namespace audio_ident::jobs
