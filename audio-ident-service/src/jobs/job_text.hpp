#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "jobs/job.hpp"

namespace audio_ident::jobs {

// A job as one line of JSON, which people can read and which stores keep:
//
//   {"kind":"ingest","id":"…","status":"running","created_at":"2026-02-14T09:05:07.000123Z","finished_at":null,
//    "restarts":0,"error":null,"directory":"/music","progress":{…},"report":{…}}
//
// A job has the members that all jobs have, and those of its kind. Unknown members are ignored, and missing members
// keep their defaults, so that older and newer versions of the program read each other's jobs. A job without a kind is
// an ingest, from a version that had no other kind.

std::string job_to_text(const Job& job);
/// Fails with corrupt when the text is not a job, and with unsupported when this version does not know the job's kind.
Result<Job> job_from_text(std::string_view text);

}  // namespace audio_ident::jobs
