#pragma once

#include <filesystem>
#include <vector>

#include "core/result.hpp"
#include "http/types.hpp"

namespace audio_ident::http {

/// Ingest jobs on disk, one JSON file each, replaced as a whole: a crash at any instant leaves the old or the new one.
/// Not thread-safe.
class JobStore {
  public:
    explicit JobStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// All jobs, oldest first; a file that is no job is logged and left alone. Fails with not_available.
    Result<std::vector<IngestJob>> load() const;
    /// Durable when it returns.
    Result<void> save(const IngestJob& job) const;
    void remove(const std::string& id) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace audio_ident::http
