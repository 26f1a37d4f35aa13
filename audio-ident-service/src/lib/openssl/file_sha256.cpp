#include "lib/openssl/file_sha256.hpp"

#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "lib/openssl/sha256.hpp"

namespace audio_ident::openssl {

namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

std::string system_message(int error) {
    return std::error_code(error, std::generic_category()).message();
}

Result<FileHash> hash_all(int fd, const Deadline& deadline) {
    Sha256 sha;
    FileHash result;
    std::vector<std::byte> block(kBlockBytes);
    for (;;) {
        if (deadline.expired()) return fail(ErrorKind::timeout, "stopped while reading the file");
        const ssize_t got = ::read(fd, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ErrorKind::not_available, "cannot read the file: {}", system_message(errno));
        if (got == 0) break;
        sha.update({block.data(), static_cast<std::size_t>(got)});
        result.bytes += got;
    }
    result.sha256 = sha.finish();
    return result;
}

}  // namespace

Result<FileHash> file_sha256(const std::filesystem::path& path, const Deadline& deadline) {
    // O_NONBLOCK: opening a named pipe for reading would otherwise wait for its writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        return fail(ErrorKind::not_available, "cannot open the file: {}", system_message(errno));
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        return fail(ErrorKind::not_available, "cannot read the file: {}", system_message(errno));
    }
    if (!S_ISREG(status.st_mode)) return fail(ErrorKind::invalid_input, "not a regular file");
    // Only a hint; the hash does not depend on it.
    static_cast<void>(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL));
    try {
        return hash_all(file.get(), deadline);
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, "{}", error.what());
    }
}

}  // namespace audio_ident::openssl
