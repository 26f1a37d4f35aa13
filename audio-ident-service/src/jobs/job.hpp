#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "catalog/timeline_store.hpp"
#include "catalog/track.hpp"
#include "core/uuid.hpp"
#include "ingest/report.hpp"

// Long work that a client has requested and does not wait for: its description and its progress.

namespace audio_ident::jobs {

using Status = catalog::JobStatus;

/// Adding a folder to the library.
struct IngestWork {
    static constexpr std::size_t kMaxErrors = 1000;  ///< in the report; of notes too

    std::string directory;  ///< as text, see util/path_text.hpp
    ingest::IngestProgress progress = {};
    ingest::IngestReport report = {};  ///< counts, errors and notes on files
};

/// Making the timeline of a recording. The result and its name are in the catalog (catalog/timeline_store.hpp), under
/// the id of the job.
struct TimelineWork {
    Uuid id = {};
    std::string recording;        ///< a file as text, see util/path_text.hpp
    double min_confidence = 0.5;  ///< of its entries
    double heard_seconds = 0;     ///< of the recording
    double resumed_seconds = 0;   ///< of them before the service ended, so that they are not heard again
    std::optional<double> total_seconds = {};
    std::optional<std::string> trouble = {};  ///< why it waits at the moment, and will try again
};

/// What a job does. To add a kind of job, add an alternative here, its text in job_text.cpp and its runner in
/// run_work.cpp; queue and stores need no change.
using Work = std::variant<IngestWork, TimelineWork>;

struct Job {
    Uuid id = {};
    Status status = Status::queued;
    catalog::Timestamp created_at{};
    std::optional<catalog::Timestamp> finished_at = {};
    std::int64_t restarts = 0;              ///< how often the job was continued after the service had ended
    std::optional<std::string> error = {};  ///< why it failed
    Work work = {};
};

inline bool has_ended(const Job& job) {
    return catalog::has_ended(job.status);
}

}  // namespace audio_ident::jobs
