#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "http/job_store.hpp"
#include "http/library.hpp"
#include "http/types.hpp"

namespace audio_ident::http {

/// Ingests of folders that were asked for over HTTP: one runs at a time, in the order they came. A job is on disk before
/// it is answered for; one that was not finished when the service ended, however it ended, is run again at the next start
/// and goes on where it was, for what is indexed counts as unchanged. So it does after it made way for a request that wanted
/// to change the library. Thread-safe.
class Jobs {
  public:
    /// Ended jobs that are kept, the newest.
    static constexpr std::size_t kMaxEnded = 100;
    static constexpr std::size_t kMaxQueued = 100;

    /// Takes up what was left. `threads`: for the files of a job.
    static Result<std::unique_ptr<Jobs>> open(const Library& library, std::filesystem::path folder, unsigned threads);
    /// Stops the running job; it goes on at the next start.
    ~Jobs();

    /// Fails with not_available when too many wait, or the job cannot be stored.
    Result<IngestJob> add(const std::string& directory);
    std::optional<IngestJob> find(const std::string& id) const;
    /// The job as it is then: cancelled, or running until it has noticed; nullopt: there is none.
    Result<std::optional<IngestJob>> cancel(const std::string& id);

  private:
    class Observer;

    Jobs(const Library& library, std::filesystem::path folder, unsigned threads);
    void run(const std::stop_token& stop);
    void work_on(const std::string& id, const std::stop_token& stop);
    ingest::IngestReport ingest_part(const std::string& id, const std::stop_token& pause,
                                     const std::stop_token& cancelled);
    IngestJob snapshot(const std::string& id) const;
    void store(const std::string& id);
    void forget_old();

    const Library& library_;
    JobStore store_;
    unsigned threads_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::string, IngestJob> jobs_;  ///< by id
    std::string running_;                    ///< id; empty: none
    std::stop_source cancelled_;             ///< of the running one
    std::jthread thread_;
};

}  // namespace audio_ident::http
