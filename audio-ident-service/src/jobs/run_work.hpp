#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "core/result.hpp"
#include "ingest/report.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

/// Shows how far a job has got: replaces its work.
using ShowWork = std::function<void(Work)>;

/// Does the work of one job until it is done or a stop is requested. A stop is not a failure: when the service ends,
/// the same work is run again at the next start, as it was shown last when the job began. Called on the queue's thread.
using RunWork = std::function<Result<void>(Work work, const ShowWork& show, const std::stop_token& stop)>;

/// Brings the library in line with a folder, and makes way for changes that somebody waits for. Fails when it cannot
/// begin; what goes wrong later is in the report.
using IngestFolder = std::function<Result<ingest::IngestReport>(
    const std::filesystem::path& folder, ingest::IngestObserver& observer, const std::stop_token& stop)>;

/// What the kinds of work need of the program.
struct WorkParts {
    IngestFolder ingest_folder;
};

/// Runs every kind of work.
RunWork run_work_with(WorkParts parts);

}  // namespace audio_ident::jobs
