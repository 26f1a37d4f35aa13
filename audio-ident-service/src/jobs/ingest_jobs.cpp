#include "jobs/ingest_jobs.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <spdlog/spdlog.h>

#include "jobs/job_text.hpp"

namespace audio_ident::jobs {
namespace {

constexpr const char* kFolder = "jobs";
constexpr const char* kEnded = "jobs/ended";

std::string name_in(const char* folder, const Uuid& id) {
    return std::string(folder) + '/' + id.to_string() + ".json";
}

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

}  // namespace

Result<std::vector<Job>> IngestJobs::in_folder(const std::string& folder) {
    const auto documents = documents_.in_folder(folder, soon());
    if (!documents) return forward(documents);
    std::vector<Job> jobs;
    for (const auto& document : *documents) {
        if (!document.name.ends_with(".json")) continue;
        auto job = job_from_text(document.content);
        if (job) jobs.push_back(std::move(*job));
        else
            spdlog::warn("{} is not a job of this version: {}", documents_.location(document.name),
                         job.error().message);
    }
    std::ranges::sort(jobs, {}, &Job::created_at);
    return jobs;
}

Result<std::vector<Job>> IngestJobs::load() {
    auto jobs = in_folder(kEnded);
    if (!jobs) return jobs;
    auto others = in_folder(kFolder);
    if (!others) return others;
    // A job that ended when its service did may still be in the other folder.
    std::set<Uuid> ended;
    for (const Job& job : *jobs) ended.insert(job.id);
    std::ranges::copy_if(*others, std::back_inserter(*jobs), [&](const Job& job) { return !ended.contains(job.id); });
    std::ranges::sort(*jobs, {}, &Job::created_at);
    return jobs;
}

Result<std::vector<Job>> IngestJobs::unfinished() {
    auto jobs = in_folder(kFolder);
    if (jobs) std::erase_if(*jobs, &has_ended);
    return jobs;
}

Result<std::optional<Job>> IngestJobs::find(const Uuid& id) {
    for (const char* folder : {kEnded, kFolder}) {
        const auto text = documents_.find(name_in(folder, id), soon());
        if (!text) return forward(text);
        if (!*text) continue;
        auto job = job_from_text(**text);
        if (!job) return forward(job);
        return std::optional(std::move(*job));
    }
    return std::nullopt;
}

Result<void> IngestJobs::save(const Job& job) {
    const bool ended = has_ended(job);
    // The client learns that the job was accepted, so the job must survive a power cut.
    auto stored =
        documents_.put({name_in(ended ? kEnded : kFolder, job.id), job_to_text(job)}, catalog::Worth::unique, soon());
    if (!stored || !ended) return stored;
    const auto removed = documents_.remove(name_in(kFolder, job.id), soon());
    return removed ? Result<void>() : forward(removed);
}

Result<void> IngestJobs::forget_old(std::size_t kept) {
    const auto jobs = in_folder(kEnded);
    if (!jobs) return forward(jobs);
    for (std::size_t i = 0; i + kept < jobs->size(); ++i) forget((*jobs)[i].id);
    return {};
}

Result<bool> IngestJobs::remove(const Uuid& id) {
    bool removed = false;
    for (const char* folder : {kFolder, kEnded}) {
        auto gone = documents_.remove(name_in(folder, id), soon());
        if (!gone) return gone;
        removed = removed || *gone;
    }
    return removed;
}

Result<void> IngestJobs::move(catalog::DocumentStore& from, catalog::DocumentStore& to) {
    const auto jobs = IngestJobs(from).unfinished();
    if (!jobs) return forward(jobs);
    for (const Job& job : *jobs) {
        const auto known = IngestJobs(to).find(job.id);
        if (!known) return forward(known);
        if (!*known) {
            if (auto saved = IngestJobs(to).save(job); !saved) return saved;
        }
        IngestJobs(from).forget(job.id);
    }
    return {};
}

}  // namespace audio_ident::jobs
