#include "jobs/job_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spdlog/spdlog.h>
#include <system_error>
#include <unistd.h>

#include "jobs/job_text.hpp"

namespace audio_ident::jobs {

namespace fs = std::filesystem;

namespace {

Unexpected cannot(std::string_view doing, const fs::path& path, int code) {
    return fail(ErrorKind::not_available, "cannot {} {}: {}; check the disk and the permissions of the data folder",
                doing, path.string(), std::error_code(code, std::generic_category()).message());
}

Result<void> write_durably(const fs::path& path, std::string_view text) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) return cannot("write", path, errno);
    const auto written = ::write(descriptor, text.data(), text.size());
    const bool good = written == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    const int code = written >= 0 && written < static_cast<ssize_t>(text.size()) ? ENOSPC : errno;
    ::close(descriptor);
    return good ? Result<void>() : cannot("write", path, code);
}

}  // namespace

Result<std::vector<Job>> JobFiles::load() {
    std::vector<Job> jobs;
    std::error_code error;
    fs::create_directories(folder_, error);
    fs::directory_iterator entries(folder_, error);
    if (error) return cannot("read", folder_, error.value());
    for (const auto& entry : entries) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        auto job = job_from_text(std::string(std::istreambuf_iterator<char>(file), {}));
        if (job) jobs.push_back(std::move(*job));
        else spdlog::warn("{} is not a job of this version: {}", entry.path().string(), job.error().message);
    }
    std::sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    return jobs;
}

Result<void> JobFiles::save(const Job& job) {
    const fs::path path = path_of(job.id);
    const fs::path fresh = folder_ / (job.id.to_string() + ".tmp");
    if (auto written = write_durably(fresh, job_to_text(job)); !written) return written;
    if (::rename(fresh.c_str(), path.c_str()) != 0) return cannot("replace", path, errno);
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

void JobFiles::remove(const Uuid& id) {
    std::error_code ignored;
    fs::remove(path_of(id), ignored);
}

}  // namespace audio_ident::jobs
