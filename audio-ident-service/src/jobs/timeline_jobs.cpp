#include "jobs/timeline_jobs.hpp"

#include <chrono>

namespace audio_ident::jobs {
namespace {

using catalog::TimelineRow;

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

Job job_of(const TimelineRow& row) {
    return {.id = row.id,
            .status = row.status,
            .created_at = row.created_at,
            .finished_at = row.finished_at,
            .restarts = row.restarts,
            .error = row.error,
            .work = TimelineWork{.id = row.id,
                                 .recording = row.recording,
                                 .min_confidence = row.min_confidence,
                                 .heard_seconds = row.heard_seconds,
                                 .total_seconds = row.total_seconds}};
}

}  // namespace

Result<std::vector<Job>> TimelineJobs::load() {
    for (const Uuid& id : files_.unlisted(unlisted_for_)) {
        const auto row = rows_.find(id, soon());
        if (!row) return forward(row);
        if (!*row) files_.remove(id);
        else if (auto listed = files_.set_listed(id, true); !listed) return forward(listed);
    }
    return unfinished();
}

Result<std::vector<Job>> TimelineJobs::unfinished() {
    const auto rows = rows_.unfinished(soon());
    if (!rows) return forward(rows);
    std::vector<Job> jobs;
    for (const TimelineRow& row : *rows) {
        if (files_.exist(row.id)) jobs.push_back(job_of(row));
    }
    return jobs;
}

Result<std::optional<Job>> TimelineJobs::find(const Uuid& id) {
    const auto row = rows_.find(id, soon());
    if (!row) return forward(row);
    return *row ? std::optional(job_of(**row)) : std::nullopt;
}

Result<void> TimelineJobs::save(const Job& job) {
    const auto& work = std::get<TimelineWork>(job.work);
    TimelineRow row{.id = job.id,
                    .status = job.status,
                    .finished_at = job.finished_at,
                    .error = job.error,
                    .restarts = job.restarts,
                    .heard_seconds = work.heard_seconds,
                    .total_seconds = work.total_seconds};
    const auto updated = rows_.update(row, soon());
    if (!updated) return forward(updated);
    if (*updated) return {};
    return fail(ErrorKind::not_available, "the timeline {} was removed", job.id.to_string());
}

Result<bool> TimelineJobs::remove(const Uuid& id) {
    if (files_.exist(id)) {
        if (auto marked = files_.set_listed(id, false); !marked) return forward(marked);
    }
    auto removed = rows_.remove(id, soon());
    if (!removed) static_cast<void>(files_.set_listed(id, true));
    return removed;
}

}  // namespace audio_ident::jobs
