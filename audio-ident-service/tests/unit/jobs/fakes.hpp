#pragma once

#include <algorithm>
#include <condition_variable>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "jobs/job_store.hpp"
#include "jobs/run_work.hpp"

namespace audio_ident::jobs {

/// Stands for a disk: outlives the queues of a test.
struct Disk {
    std::mutex mutex;
    std::map<Uuid, Job> jobs;
    std::set<Uuid> removed;
    std::vector<Uuid> cleaned_up;
    bool full = false;

    std::vector<Uuid> cleaned() {
        const std::lock_guard lock(mutex);
        return cleaned_up;
    }
    Job at(const Uuid& id) {
        const std::lock_guard lock(mutex);
        return jobs.at(id);
    }
    std::size_t count() {
        const std::lock_guard lock(mutex);
        return jobs.size();
    }
};

class FakeStore : public JobStore {
  public:
    explicit FakeStore(Disk& disk) : disk_(disk) {}

    Result<std::vector<Job>> load() override {
        const std::lock_guard lock(disk_.mutex);
        if (disk_.full) return fail(ErrorKind::not_available, "no disk");
        std::vector<Job> jobs;
        for (const auto& [id, job] : disk_.jobs) jobs.push_back(job);
        std::ranges::sort(jobs, {}, &Job::created_at);
        return jobs;
    }
    Result<std::vector<Job>> unfinished() override {
        auto jobs = load();
        if (jobs) std::erase_if(*jobs, &has_ended);
        return jobs;
    }
    Result<std::optional<Job>> find(const Uuid& id) override {
        const std::lock_guard lock(disk_.mutex);
        const auto found = disk_.jobs.find(id);
        return found == disk_.jobs.end() ? std::nullopt : std::optional(found->second);
    }
    Result<void> forget_old(std::size_t) override { return {}; }
    Result<void> save(const Job& job) override {
        const std::lock_guard lock(disk_.mutex);
        if (disk_.full) return fail(ErrorKind::not_available, "the disk is full");
        if (disk_.removed.contains(job.id)) return fail(ErrorKind::not_available, "it was removed");
        disk_.jobs[job.id] = job;
        return {};
    }
    void forget(const Uuid& id) override {
        const std::lock_guard lock(disk_.mutex);
        disk_.jobs.erase(id);
    }
    Result<bool> remove(const Uuid& id) override {
        const std::lock_guard lock(disk_.mutex);
        if (disk_.full) return fail(ErrorKind::not_available, "the disk is full");
        disk_.removed.insert(id);
        return disk_.jobs.erase(id) > 0;
    }
    void clean_up(const Uuid& id) override {
        const std::lock_guard lock(disk_.mutex);
        disk_.cleaned_up.push_back(id);
    }

  private:
    Disk& disk_;
};

/// Work whose begin and end the test controls. A job whose folder begins with "hold" runs until it is stopped.
class Worker {
  public:
    RunWork run() {
        return [this](Work work, const ShowWork& show, const std::stop_token& stop) -> Result<void> {
            auto ingest = std::get<IngestWork>(std::move(work));
            const auto folder = ingest.directory;
            {
                const std::lock_guard lock(mutex_);
                begun_.push_back(folder);
                changed_.notify_all();
            }
            ingest.progress.files_done = 7;
            show(ingest);
            if (folder.starts_with("hold")) {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, stop, [] { return false; });
            }
            if (folder == "fails") return fail(ErrorKind::corrupt, "it is broken");
            if (folder == "store gone") return fail(ErrorKind::not_available, "the store is gone");
            return {};
        };
    }
    void wait_for(std::size_t begun) {
        std::unique_lock lock(mutex_);
        ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return begun_.size() >= begun; }));
    }
    std::vector<std::string> begun() {
        const std::lock_guard lock(mutex_);
        return begun_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<std::string> begun_;
};

}  // namespace audio_ident::jobs
