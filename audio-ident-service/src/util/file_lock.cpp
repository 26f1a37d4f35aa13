#include "util/file_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "util/host_name.hpp"
#include "util/path_text.hpp"

namespace audio_ident::util {

namespace {

using namespace std::chrono_literals;

std::string system_message(int error) {
    return std::error_code(error, std::generic_category()).message();
}

std::string holder_line(const std::string& purpose) {
    const auto host = host_name();
    const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    return fmt::format("pid {} on {}, since {:%Y-%m-%dT%H:%M:%SZ}: {}\n", ::getpid(), host.empty() ? "this host" : host,
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)), purpose);
}

/// The text that the holder wrote; empty while it has locked the file but not yet written.
std::string read_holder(int fd) {
    std::array<char, 4096> text{};
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    std::string line(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return path_to_text(line.substr(0, line.find('\n')));
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, const std::string& purpose,
                                   const Deadline& deadline) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail(ErrorKind::not_available, "cannot open the lock file {}: {}", path_to_text(path.native()),
                    system_message(errno));
    }
    FileLock lock(fd, path);
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) {
            return fail(ErrorKind::not_available, "cannot lock {}: {}", path_to_text(path.native()),
                        system_message(errno));
        }
        if (deadline.stop_requested()) {
            return fail(ErrorKind::timeout, "stopped while waiting for {}", path_to_text(path.native()));
        }
        if (deadline.expired()) {
            const std::string holder = read_holder(fd);
            return fail(ErrorKind::not_available, "{} is locked by {}; wait for it to end, or stop it",
                        path_to_text(path.native()), holder.empty() ? "another process" : holder);
        }
        std::this_thread::sleep_for(std::clamp<Deadline::Clock::duration>(deadline.remaining(), 1ms, 50ms));
    }
    const std::string line = holder_line(purpose);
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) {
        return fail(ErrorKind::not_available, "cannot write the lock file {}: {}", path_to_text(path.native()),
                    system_message(errno));
    }
    return lock;
}

FileLock::~FileLock() {
    release();
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    if (this != &other) {
        release();
        fd_ = std::exchange(other.fd_, -1);
        path_ = std::move(other.path_);
    }
    return *this;
}

void FileLock::release() noexcept {
    // The file is not removed: another process may be waiting on this very inode.
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

}  // namespace audio_ident::util
