#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "ingest/report.hpp"

namespace audio_ident::ingest {

/// Counts the files of an ingest on several threads, for its observer. Thread-safe.
class ProgressMeter {
  public:
    using Clock = std::chrono::steady_clock;

    /// The counting scan found a file; `bytes` if it must be read, else 0.
    void found(std::int64_t bytes);
    /// The counting scan has found all files.
    void all_found();
    /// A file is done; `bytes` if it was read, else 0.
    void done(std::int64_t bytes, std::string file = {});

    double elapsed_seconds() const;
    IngestProgress progress(double seconds_of_audio) const;

  private:
    Clock::time_point begin_ = Clock::now();
    mutable std::mutex mutex_;
    std::int64_t found_files_ = 0;
    std::int64_t found_bytes_ = 0;
    bool all_found_ = false;
    std::int64_t done_files_ = 0;
    std::int64_t done_bytes_ = 0;
    std::string current_file_;
};

}  // namespace audio_ident::ingest
