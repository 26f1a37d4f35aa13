#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "core/result.hpp"
#include "ingest/report.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

/// Whether work that failed so may succeed later: stores come back, and disks get space again.
bool may_pass(const Error& error);

/// Shows the progress of a job: replaces its work.
using ShowWork = std::function<void(Work)>;

/// Does the work of one job until it is done or a stop is requested. A stop is not a failure: the next start of the
/// service runs the same work again, as it was when the job began. Called on the queue's thread.
using RunWork = std::function<Result<void>(Work work, const ShowWork& show, const std::stop_token& stop)>;

/// Updates the library from a folder, and pauses for changes that somebody waits for. Fails when it cannot begin; the
/// report lists later failures.
using IngestFolder = std::function<Result<ingest::IngestReport>(
    const std::filesystem::path& folder, ingest::IngestObserver& observer, const std::stop_token& stop)>;

/// Makes a timeline and stores it; work that was done before counts. Shows how far it is. Fails when it cannot; a stop
/// is not a failure.
using MakeTimeline = std::function<Result<void>(TimelineWork work, const ShowWork& show, const std::stop_token& stop)>;

/// The parts of the program that the kinds of work need.
struct WorkParts {
    IngestFolder ingest_folder;
    MakeTimeline make_timeline = {};
    /// How long a timeline waits when a store is not available or the disk is full, before it tries again.
    std::chrono::milliseconds retry = std::chrono::seconds(5);
};

/// Runs every kind of work.
RunWork run_work_with(WorkParts parts);

}  // namespace audio_ident::jobs
