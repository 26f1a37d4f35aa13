#include "util/atomic_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "util/durable_folder.hpp"
#include "util/leftover_files.hpp"
#include "util/path_text.hpp"

namespace audio_ident::util {

namespace fs = std::filesystem;

namespace {

Unexpected cannot_write(const fs::path& file, int code) {
    return fail(ErrorKind::not_available,
                "cannot write {}: {}; check the disk's free space and the folder's permissions",
                path_to_text(file.native()), std::error_code(code, std::generic_category()).message());
}

/// The file that a link leads to; the path itself when it is not a link, or a broken one.
fs::path behind_link(const fs::path& path) {
    std::error_code ignored;
    if (!fs::is_symlink(path, ignored)) return path;
    auto target = fs::canonical(path, ignored);
    return ignored ? path : target;
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// Some file systems report only on closing that a write has failed. The duplicate leaves the lock in place. 0 or the
/// error number.
int report_late_failures(int descriptor) {
    const int duplicate = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return duplicate >= 0 && ::close(duplicate) == 0 ? 0 : errno;
}

Result<void> rename_durably(const fs::path& from, const fs::path& to, Durability durability) {
    if (::rename(from.c_str(), to.c_str()) != 0) return cannot_write(to, errno);
    const int code = durability == Durability::power_cut ? synchronise_folder(folder_of(to)) : 0;
    return code == 0 ? Result<void>() : cannot_write(to, code);
}

/// Calls a function like write(2) until all is written.
template <typename Write>
int write_all(std::span<const std::byte> bytes, Write&& write) {
    while (!bytes.empty()) {
        const auto written = write(bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return written < 0 ? errno : ENOSPC;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const fs::path& file, Durability durability) {
    AtomicFile created(behind_link(file), durability);
    remove_leftovers_once(folder_of(created.file_));
    if (auto opened = created.open(); !opened) return forward(opened);
    return created;
}

Result<void> AtomicFile::open() {
    struct stat old {};
    const bool replaces = ::stat(file_.c_str(), &old) == 0;
    // Before the commit, nobody may read content that the old file's permissions would protect.
    const mode_t mode = replaces ? 0600 : 0666;
    for (;;) {
        const fs::path path = temporary_path(folder_of(file_));
        Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        if (!descriptor) return cannot_write(file_, errno);
        if (!claim(descriptor.get())) continue;  // a clean-up has just removed it as a leftover
        descriptor_ = std::move(descriptor);
        temporary_ = path;
        break;
    }
    if (!replaces) return {};
    // The owner first: changing it may drop bits of the mode. Only root can give a file away; others keep it.
    static_cast<void>(::fchown(descriptor_.get(), old.st_uid, old.st_gid) == 0);
    if (::fchmod(descriptor_.get(), old.st_mode & 07777U) != 0) return cannot_write(file_, errno);
    return {};
}

AtomicFile::~AtomicFile() {
    if (descriptor_) ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
    const int code = write_all(bytes, [&](auto rest) { return ::write(descriptor_.get(), rest.data(), rest.size()); });
    return code == 0 ? Result<void>() : cannot_write(file_, code);
}

Result<void> AtomicFile::overwrite(std::uint64_t offset, std::span<const std::byte> bytes) {
    const int code = write_all(bytes, [&](auto rest) {
        const auto at = static_cast<off_t>(offset + (bytes.size() - rest.size()));
        return ::pwrite(descriptor_.get(), rest.data(), rest.size(), at);
    });
    return code == 0 ? Result<void>() : cannot_write(file_, code);
}

Result<void> AtomicFile::commit() {
    int code = report_late_failures(descriptor_.get());
    if (code == 0 && durability_ == Durability::power_cut && ::fsync(descriptor_.get()) != 0) code = errno;
    if (code != 0) return cannot_write(file_, code);
    auto renamed = rename_durably(temporary_, file_, durability_);
    if (renamed) descriptor_.reset();
    return renamed;
}

Result<void> replace_file(const fs::path& file, std::string_view content, Durability durability) {
    auto fresh = AtomicFile::create(file, durability);
    if (!fresh) return forward(fresh);
    if (auto written = fresh->write(content); !written) return written;
    return fresh->commit();
}

Result<void> move_into_place(const fs::path& from, const fs::path& to, Durability durability) {
    if (durability == Durability::power_cut) {
        const Descriptor descriptor(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
        if (!descriptor || ::fsync(descriptor.get()) != 0) return cannot_write(to, errno);
    }
    return rename_durably(from, to, durability);
}

}  // namespace audio_ident::util
