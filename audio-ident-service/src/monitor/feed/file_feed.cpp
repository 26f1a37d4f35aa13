#include "monitor/feed/file_feed.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace audio_ident::monitor {
namespace {

constexpr auto kNobodyWrites = std::chrono::milliseconds(200);  // then look for a writer again

}  // namespace

FileFeed::FileFeed(const std::string& path, FeedUser& user) : user_(user) {
    problem_ = open(path);
}

std::string FileFeed::open(const std::string& path) {
    struct stat status {};
    // Check before opening: to open a device can have side effects.
    if (::stat(path.c_str(), &status) != 0) return "cannot open " + path + ": " + std::strerror(errno);
    is_pipe_ = S_ISFIFO(status.st_mode);
    if (!is_pipe_ && !S_ISREG(status.st_mode)) return path + " is neither a file nor a named pipe";
    file_ = util::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file_) return "cannot open " + path + ": " + std::strerror(errno);
    return {};
}

std::optional<Feed::Ended> FileFeed::step(Clock::time_point now) {
    if (!file_) return Ended{End::failed, problem_};
    std::array<std::byte, 16 << 10> bytes;
    next_ = Clock::time_point::max();
    while (user_.room() > 0) {
        const ssize_t count = ::read(file_.get(), bytes.data(), bytes.size());
        if (count > 0) {
            has_come_ = true;
            user_.sound(std::span(bytes).first(static_cast<std::size_t>(count)));
            continue;
        }
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return std::nullopt;
        if (count < 0) return Ended{End::failed, std::string("cannot be read: ") + std::strerror(errno)};
        if (!is_pipe_) return Ended{End::over, "the file is over"};
        if (has_come_) return Ended{End::failed, "nobody writes into the pipe any more"};
        next_ = now + kNobodyWrites;
        return std::nullopt;
    }
    return std::nullopt;
}

pollfd FileFeed::wanted() const {
    // A pipe that nobody has written into yet says at once that there is nothing.
    const bool waits = file_ && user_.room() > 0 && next_ == Clock::time_point::max();
    return {waits ? file_.get() : -1, POLLIN, 0};
}

}  // namespace audio_ident::monitor
