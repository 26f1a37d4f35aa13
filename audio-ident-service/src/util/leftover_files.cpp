#include "util/leftover_files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "core/uuid.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::util {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBegin = ".audio-ident-";
constexpr std::string_view kEnd = ".tmp";

bool is_temporary(std::string_view name) {
    if (name.size() < kBegin.size() + kEnd.size() || !name.starts_with(kBegin) || !name.ends_with(kEnd)) return false;
    return Uuid::parse(name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size())).has_value();
}

void remove_if_dead(const fs::path& path) {
    const Descriptor descriptor(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    // Unlink it while it is locked: then a writer that has just made it notices this when it gets the lock, see
    // claim().
    if (descriptor && ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
}

}  // namespace

fs::path temporary_path(const fs::path& folder) {
    std::string name(kBegin);
    name += Uuid::random().to_string();
    name += kEnd;
    return folder / name;
}

bool claim(int descriptor) {
    // A file system without locks has no clean-up either: both calls fail alike.
    while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) continue;
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

void remove_leftovers_once(const fs::path& folder) {
    static std::mutex mutex;
    static std::set<fs::path> done;
    std::error_code error;
    const fs::path whole = fs::absolute(folder, error);
    {
        const std::lock_guard lock(mutex);
        if (error || !done.insert(whole).second) return;
    }
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (is_temporary(entry->path().filename().native())) found.push_back(entry->path());
    }
    for (const fs::path& path : found) remove_if_dead(path);
}

}  // namespace audio_ident::util
