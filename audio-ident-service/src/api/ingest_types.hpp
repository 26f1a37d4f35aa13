#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "jobs/job.hpp"

// Requests and responses of the ingest.
// Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow from here and from
// api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct IngestForm {
    std::optional<std::string> directory;
};
BOOST_DESCRIBE_STRUCT(IngestForm, (), (directory))

enum class IngestStatus { ingested, duplicate, error };
BOOST_DESCRIBE_ENUM(IngestStatus, ingested, duplicate, error)

struct IngestResponse {
    std::string track_id;
    std::string title;
    std::optional<std::string> artist;
    IngestStatus status = IngestStatus::ingested;
    std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(IngestResponse, (), (track_id, title, artist, status, notes))

struct IngestError {
    std::string file;
    std::string error;
};
BOOST_DESCRIBE_STRUCT(IngestError, (), (file, error))

enum class NoteAbout { damage, streams, kin };
BOOST_DESCRIBE_ENUM(NoteAbout, damage, streams, kin)

struct IngestNote {
    std::string file;
    NoteAbout about = NoteAbout::damage;
    std::string note;
};
BOOST_DESCRIBE_STRUCT(IngestNote, (), (file, about, note))

struct IngestReport {
    std::int64_t total = 0;
    std::int64_t ingested = 0;
    std::int64_t duplicates = 0;
    std::vector<IngestError> errors;
    std::int64_t updated = 0;
    std::int64_t moved = 0;
    std::int64_t unchanged = 0;
    std::vector<IngestNote> notes;
};
BOOST_DESCRIBE_STRUCT(IngestReport, (), (total, ingested, duplicates, errors, updated, moved, unchanged, notes))

enum class JobStatus { queued, running, finished, cancelled, failed };
BOOST_DESCRIBE_ENUM(JobStatus, queued, running, finished, cancelled, failed)

struct IngestProgress {
    std::int64_t files_done = 0;
    std::optional<std::int64_t> files_total;
    double seconds_of_audio = 0;
    std::optional<double> remaining_seconds;
};
BOOST_DESCRIBE_STRUCT(IngestProgress, (), (files_done, files_total, seconds_of_audio, remaining_seconds))

struct IngestJob {
    std::string id;
    std::string directory;
    JobStatus status = JobStatus::queued;
    std::string created_at;
    std::optional<std::string> finished_at;
    std::int64_t restarts = 0;
    IngestProgress progress;
    IngestReport report;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(IngestJob, (),
                      (id, directory, status, created_at, finished_at, restarts, progress, report, error))

}  // namespace audio_ident::api::wire

namespace audio_ident::api {

wire::IngestResponse ingest_response(const catalog::Track& track, wire::IngestStatus status);
wire::JobStatus to_wire(jobs::Status status);
/// A job that adds a folder.
wire::IngestJob ingest_job(const jobs::Job& job);

}  // namespace audio_ident::api
