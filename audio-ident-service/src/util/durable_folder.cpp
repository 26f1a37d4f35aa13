#include "util/durable_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/descriptor.hpp"
#include "util/path_text.hpp"

namespace audio_ident::util {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Unexpected cannot(std::string_view doing, const fs::path& path, const std::error_code& error) {
    return fail(ErrorKind::not_available, "cannot {} {}: {}; check the disk's free space and the folder's permissions",
                doing, path_to_text(path.native()), error.message());
}

std::error_code code_of(int number) {
    return {number, std::generic_category()};
}

constexpr mode_t kByUmask = 0777;
constexpr mode_t kOnlyOwner = 0700;

/// `mode`: of the folder itself; those above it follow the umask.
std::error_code make_folder(const fs::path& folder, mode_t mode) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    // "a/b/" has an empty last name.
    const fs::path named = folder.has_filename() ? folder : folder.parent_path();
    if (const auto above = make_folder(named.parent_path(), kByUmask)) return above;
    const int code = ::mkdir(named.c_str(), mode) == 0 ? 0 : errno;
    const bool another_made_it = code == EEXIST && fs::is_directory(named, error);
    if (code != 0 && !another_made_it) return code_of(code);
    return code_of(synchronise_folder(folder_of(named)));
}

}  // namespace

int synchronise_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor) return errno;
    return ::fsync(descriptor.get()) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

std::error_code make_folder_durably(const fs::path& folder) {
    return make_folder(folder, kByUmask);
}

std::error_code make_private_folder(const fs::path& folder) {
    return make_folder(folder, kOnlyOwner);
}

Result<void> make_durable_folder(const fs::path& folder) {
    const auto error = make_folder_durably(folder);
    return error ? cannot("make the folder", folder, error) : Result<void>();
}

Result<void> remove_durably(const fs::path& file) {
    std::error_code error;
    const bool removed = fs::remove(file, error);
    if (error) return cannot("remove", file, error);
    if (!removed) return {};
    const int code = synchronise_folder(folder_of(file));
    return code == 0 ? Result<void>() : cannot("remove", file, code_of(code));
}

}  // namespace audio_ident::util
