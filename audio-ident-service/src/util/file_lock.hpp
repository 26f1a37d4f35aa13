#pragma once

#include <filesystem>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::util {

/// An exclusive lock on a file, across processes, held until destruction. The kernel releases it when the holder dies.
/// The file stays and says who holds the lock: "pid 4711 on host, since 2025-01-31T12:00:00Z: audio-ident ingest
/// /music".
class FileLock {
  public:
    /// Waits for the lock until the deadline. `purpose` says in one line what the holder does. Fails with not_available
    /// (another process or another FileLock holds the lock: the message says which; or the file cannot be opened or
    /// written), timeout (a stop was requested).
    static Result<FileLock> acquire(const std::filesystem::path& path, const std::string& purpose,
                                    const Deadline& deadline);

    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;

    const std::filesystem::path& path() const { return path_; }

  private:
    FileLock(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
    void release() noexcept;

    int fd_ = -1;
    std::filesystem::path path_;
};

}  // namespace audio_ident::util
