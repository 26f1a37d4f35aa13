#include "jobs/job_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <spdlog/spdlog.h>
#include <system_error>

#include "jobs/job_text.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"

namespace audio_ident::jobs {

namespace fs = std::filesystem;

namespace {

Unexpected cannot(std::string_view doing, const fs::path& path, int code) {
    return fail(ErrorKind::not_available, "cannot {} {}: {}; check the disk and the permissions of the data folder",
                doing, path.string(), std::error_code(code, std::generic_category()).message());
}

}  // namespace

Result<std::vector<Job>> JobFiles::load() {
    std::vector<Job> jobs;
    if (auto made = util::make_durable_folder(folder_); !made) return forward(made);
    std::error_code error;
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
    // The client learns that the job was accepted, so the job must survive a power cut.
    return util::replace_file(path_of(job.id), job_to_text(job), util::Durability::power_cut);
}

Result<bool> JobFiles::remove(const Uuid& id) {
    std::error_code error;
    const bool removed = fs::remove(path_of(id), error);
    if (error) return cannot("remove", path_of(id), error.value());
    return removed;
}

}  // namespace audio_ident::jobs
