#include "ingest/scan/file_status.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>

namespace audio_ident::ingest {

Result<std::optional<FileStatus>> file_status(const std::filesystem::path& path) {
    struct stat raw {};
    if (::stat(path.c_str(), &raw) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileStatus>();
        if (errno == ELOOP) return fail(ErrorKind::not_available, "a loop of symbolic links");
        return fail(ErrorKind::not_available, "cannot read the file's status: {}",
                    std::error_code(errno, std::generic_category()).message());
    }
    FileStatus status;
    status.id = {static_cast<std::uint64_t>(raw.st_dev), static_cast<std::uint64_t>(raw.st_ino)};
    status.type = S_ISREG(raw.st_mode) ? FileType::regular : S_ISDIR(raw.st_mode) ? FileType::folder : FileType::other;
    status.size_bytes = raw.st_size;
    status.modified_ns = std::int64_t{raw.st_mtim.tv_sec} * 1'000'000'000 + raw.st_mtim.tv_nsec;
    return std::optional(status);
}

}  // namespace audio_ident::ingest
