#include "api/ingest_types.hpp"

#include "catalog/timestamp_text.hpp"
#include "ingest/commit/file_notes.hpp"

namespace audio_ident::api {
namespace {

wire::IngestProgress to_wire(const ingest::IngestProgress& progress) {
    return {progress.files_done, progress.files_total, progress.seconds_of_audio, progress.remaining_seconds};
}

wire::NoteAbout to_wire(ingest::FileNote::About about) {
    switch (about) {
        case ingest::FileNote::About::damage: return wire::NoteAbout::damage;
        case ingest::FileNote::About::streams: return wire::NoteAbout::streams;
        case ingest::FileNote::About::kin: break;
    }
    return wire::NoteAbout::kin;
}

wire::IngestReport to_wire(const ingest::IngestReport& report) {
    wire::IngestReport result{.total = report.total,
                              .ingested = report.ingested,
                              .duplicates = report.duplicates,
                              .errors = {},
                              .updated = report.updated,
                              .moved = report.moved,
                              .unchanged = report.unchanged,
                              .notes = {}};
    for (const auto& error : report.errors) result.errors.push_back({error.file, error.error});
    for (const auto& note : report.file_notes) result.notes.push_back({note.file, to_wire(note.about), note.text});
    return result;
}

}  // namespace

wire::JobStatus to_wire(jobs::Status status) {
    switch (status) {
        case jobs::Status::queued: return wire::JobStatus::queued;
        case jobs::Status::running: return wire::JobStatus::running;
        case jobs::Status::finished: return wire::JobStatus::finished;
        case jobs::Status::cancelled: return wire::JobStatus::cancelled;
        case jobs::Status::failed: break;
    }
    return wire::JobStatus::failed;
}

wire::IngestResponse ingest_response(const catalog::Track& track, wire::IngestStatus status) {
    wire::IngestResponse response{track.id.to_string(), track.title, track.artist, status, {}};
    for (auto& note : ingest::notes_on(track)) response.notes.push_back(std::move(note.text));
    return response;
}

wire::IngestJob ingest_job(const jobs::Job& job) {
    const auto& work = std::get<jobs::IngestWork>(job.work);
    wire::IngestJob result{.id = job.id.to_string(),
                           .directory = work.directory,
                           .status = to_wire(job.status),
                           .created_at = catalog::timestamp_to_text(job.created_at),
                           .finished_at = {},
                           .restarts = job.restarts,
                           .progress = to_wire(work.progress),
                           .report = to_wire(work.report),
                           .error = job.error};
    if (job.finished_at) result.finished_at = catalog::timestamp_to_text(*job.finished_at);
    return result;
}

}  // namespace audio_ident::api
