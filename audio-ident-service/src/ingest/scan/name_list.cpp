#include "ingest/scan/name_list.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace audio_ident::ingest {

namespace {

constexpr std::size_t kSniffBytes = 4096;        // PATH_MAX: the longest name and its terminator
constexpr std::size_t kLongestName = 64 * 1024;  // generous: the file system refuses shorter names already
constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr int kPollMilliseconds = 100;

std::string system_message(int error) {
    return std::error_code(error, std::generic_category()).message();
}

}  // namespace

Result<NameList> NameList::open(const std::filesystem::path& list) {
    const bool standard_input = list == "-";
    const int fd = standard_input ? STDIN_FILENO : ::open(list.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(ErrorKind::not_available, "cannot open the list of files: {}", system_message(errno));
    struct stat status {};
    const bool known = ::fstat(fd, &status) == 0;
    // All readers of standard input share one position, even if it is a file.
    NameList names(fd, !standard_input, known && !standard_input && S_ISREG(status.st_mode));
    if (known && S_ISDIR(status.st_mode)) {
        return fail(ErrorKind::invalid_input, "the list of files is a folder; name the folder itself to scan it");
    }
    return names;
}

NameList::~NameList() {
    if (owned_ && fd_ >= 0) ::close(fd_);
}

NameList::NameList(NameList&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      owned_(other.owned_),
      regular_(other.regular_),
      at_end_(other.at_end_),
      separator_(other.separator_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_) {}

Result<void> NameList::fill(const std::stop_token& stop) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    std::array<char, kBlockBytes> block;
    for (;;) {
        if (stop.stop_requested()) return fail(ErrorKind::timeout, "stopped while reading the list of files");
        struct pollfd waiting {
            fd_, POLLIN, 0
        };
        const int ready = ::poll(&waiting, 1, kPollMilliseconds);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        const ssize_t got = ::read(fd_, block.data(), block.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return fail(ErrorKind::not_available, "cannot read the list of files: {}", system_message(errno));
        if (got == 0) at_end_ = true;
        buffer_.append(block.data(), static_cast<std::size_t>(got));
        return {};
    }
}

Result<std::optional<std::string>> NameList::next(const std::stop_token& stop) {
    while (!separator_) {
        if (buffer_.find('\0') < kSniffBytes) separator_ = '\0';
        else if (at_end_ || buffer_.size() >= kSniffBytes) separator_ = '\n';
        else if (auto filled = fill(stop); !filled) return forward(filled);
    }
    std::size_t searched = begin_;
    for (;;) {
        const std::size_t end = buffer_.find(*separator_, searched);
        if (end != std::string::npos) {
            std::string name = buffer_.substr(begin_, end - begin_);
            begin_ = end + 1;
            searched = begin_;
            if (name.empty()) continue;
            return std::optional(std::move(name));
        }
        if (at_end_) {
            std::string name = buffer_.substr(begin_);
            buffer_.clear();
            begin_ = 0;
            if (name.empty()) return std::optional<std::string>();
            return std::optional(std::move(name));
        }
        if (buffer_.size() - begin_ > kLongestName) {
            return fail(ErrorKind::invalid_input,
                        "the list of files has a name of more than {} bytes; it must be one name a line, or names "
                        "separated by NUL",
                        kLongestName);
        }
        searched = buffer_.size() - begin_;
        if (auto filled = fill(stop); !filled) return forward(filled);
    }
}

}  // namespace audio_ident::ingest
