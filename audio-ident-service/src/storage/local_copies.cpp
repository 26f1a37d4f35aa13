#include "storage/local_copies.hpp"

#include <algorithm>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <system_error>
#include <vector>

#include "storage/stored_name.hpp"

namespace audio_ident::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kYoungSeconds = 600;
constexpr std::size_t kMostAtOnce = 64;
constexpr const char* kMark = "user.audio-ident.server";

struct Copy {
    timespec used{};
    std::uint64_t bytes = 0;
    std::string name;
};

bool earlier(const timespec& a, const timespec& b) {
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/// Uploads and recordings. What was heard of a recording is small, and goes with its timeline.
bool is_counted(const std::string& name) {
    return content_of(name) || name.find("/recording/") != std::string::npos;
}

/// Those of a folder and the folders in it.
void find_copies(const fs::path& folder, int depth, std::vector<Copy>& found) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        struct stat status {};
        if (::lstat(entry->path().c_str(), &status) != 0) continue;
        if (S_ISDIR(status.st_mode) && depth > 0) find_copies(entry->path(), depth - 1, found);
        if (!S_ISREG(status.st_mode)) continue;
        auto name = stored_name(entry->path());
        if (name && is_counted(*name))
            found.push_back({status.st_atim, static_cast<std::uint64_t>(status.st_size), std::move(*name)});
    }
}

}  // namespace

std::optional<fs::path> LocalCopies::use(const std::string& name) {
    auto file = root_ / name;
    const std::lock_guard lock(mutex_);
    const timespec times[] = {{.tv_sec = 0, .tv_nsec = UTIME_NOW}, {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
    if (::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0) return file;
    std::error_code ignored;  // it may be there, and not ours to change
    return fs::is_regular_file(file, ignored) ? std::optional(std::move(file)) : std::nullopt;
}

void LocalCopies::mark(const fs::path& file) const {
    static_cast<void>(::setxattr(file.c_str(), kMark, server_.data(), server_.size(), 0));
}

bool LocalCopies::is_marked(const std::string& name) const {
    std::string server(server_.size(), '\0');
    const auto bytes = ::lgetxattr((root_ / name).c_str(), kMark, server.data(), server.size());
    return bytes == static_cast<ssize_t>(server.size()) && server == server_;
}

void LocalCopies::came(const fs::path& file) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    {
        const std::lock_guard lock(mutex_);
        if (bytes_ && !error) *bytes_ += bytes;
        if (bytes_ && *bytes_ <= limit_) return;
    }
    const std::unique_lock one(shrinking_, std::try_to_lock);
    if (one) shrink();
}

void LocalCopies::remove(const std::string& name) const {
    std::error_code ignored;
    const auto file = root_ / name;
    fs::remove(file, ignored);
    fs::remove(file.parent_path(), ignored);  // fails when the folder contains other files
}

/// False when somebody has used it since then.
bool LocalCopies::remove_if_unused(const std::string& name, const timespec& since) {
    const std::lock_guard lock(mutex_);
    struct stat status {};
    if (::lstat((root_ / name).c_str(), &status) == 0 && earlier(since, status.st_atim)) return false;
    remove(name);
    return true;
}

void LocalCopies::shrink() {
    constexpr int kDeepest = 3;  // timelines/<id>/recording
    std::vector<Copy> copies;
    find_copies(root_, kDeepest, copies);
    std::uint64_t bytes = 0;
    for (const auto& copy : copies) bytes += copy.bytes;
    std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return earlier(a.used, b.used); });
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    std::size_t asked = 0;
    for (const auto& copy : copies) {
        if (bytes <= limit_ - limit_ / 10 || asked == kMostAtOnce) break;
        if (copy.used.tv_sec > now.tv_sec - kYoungSeconds) break;
        const auto there = on_server_(copy.name, copy.bytes);
        if (!there) break;
        ++asked;
        if (!*there && !is_marked(copy.name)) {
            spdlog::warn("{} is not in S3, so it stays", (root_ / copy.name).string());
            use(copy.name);  // others come before it next time
            continue;
        }
        if (remove_if_unused(copy.name, copy.used)) bytes -= copy.bytes;
    }
    const std::lock_guard lock(mutex_);
    bytes_ = bytes;
}

}  // namespace audio_ident::storage
