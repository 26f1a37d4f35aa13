#include "api/begin_timeline.hpp"

#include "api/constraints.hpp"
#include "api/ingest_roots.hpp"
#include "api/paths.hpp"
#include "api/request_parts.hpp"
#include "api/timeline_job_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"
#include "util/utf8.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;

constexpr auto kProbeTimeout = std::chrono::seconds(60);
constexpr std::size_t kMostNameLength = 500;

/// What is known of a recording before its timeline begins.
struct Recording {
    std::filesystem::path file;
    std::string name;
    std::optional<double> total_seconds;
};

Result<Recording> recording_in(const TimelineDoor& door, const wire::TimelineForm& form, const Request& request) {
    Recording recording;
    if (request.upload) {
        if (request.upload->size == 0) return fail(ErrorKind::invalid_input, "the uploaded file is empty");
        recording.file = request.upload->path;
        recording.name = safe_file_name(request.upload->file_name);
    } else {
        auto allowed = allowed_file(*form.path, door.rules.roots);
        if (!allowed) return forward(allowed);
        recording.file = std::move(*allowed);
        recording.name = util::path_to_text(recording.file.filename().native());
    }
    if (form.name) recording.name = *form.name;
    recording.name = util::first_code_points(util::sanitise_utf8(recording.name), kMostNameLength);
    const auto info =
        door.library.decoder().probe(recording.file, Deadline::after(kProbeTimeout, request.deadline.stop_token()));
    if (info) {
        recording.total_seconds = info->duration_seconds;
        return recording;
    }
    Error error = info.error();
    if (request.upload)
        error.message = util::renamed_in(std::move(error.message), recording.file.native(), recording.name);
    if (error.kind == ErrorKind::not_available) error.reason = Reason::file_not_found;
    else if (error.kind != ErrorKind::timeout && error.kind != ErrorKind::internal)
        error.reason = Reason::unsupported_format;
    return Unexpected(std::move(error));
}

/// Adds the row, then the job. The row tells the next start of the job if the service ends in between.
Result<catalog::TimelineRow> add(const TimelineDoor& door, const catalog::TimelineRow& row, const Deadline& deadline) {
    const auto rows = door.library.timelines(deadline);
    if (!rows) return forward(rows);
    if (auto added = (*rows)->add(row, deadline); !added) return forward(added);
    const jobs::TimelineWork work{.id = row.id,
                                  .recording = row.recording,
                                  .min_confidence = row.min_confidence,
                                  .total_seconds = row.total_seconds};
    auto job = door.jobs.add(work, row.id);
    if (!job) {
        static_cast<void>((*rows)->remove(row.id, deadline));
        return forward(job);
    }
    static_cast<void>(door.files.set_listed(row.id, true));  // the next start does it otherwise
    return row;
}

Result<catalog::TimelineRow> begin_with(const TimelineDoor& door, const wire::TimelineForm& form,
                                        const Request& request, Recording recording) {
    catalog::TimelineRow row{.id = Uuid::random(),
                             .name = std::move(recording.name),
                             .min_confidence = form.min_confidence,
                             .created_at = catalog::current_timestamp(),
                             .total_seconds = recording.total_seconds};
    if (auto made = door.files.make(row.id); !made) return forward(made);
    auto file = request.upload ? door.files.take_in(row.id, recording.file, safe_file_name(request.upload->file_name),
                                                    Deadline::never(request.deadline.stop_token()))
                               : Result<std::filesystem::path>(recording.file);
    if (file) row.recording = util::path_to_text(file->native());
    auto added = file ? add(door, row, store_deadline(request)) : Result<catalog::TimelineRow>(forward(file));
    if (!added) door.files.remove(row.id);
    return added;
}

}  // namespace

Result<Response> begin_timeline(const TimelineDoor& door, const Request& request) {
    const auto form = read_fields<wire::TimelineForm>(request.form);
    if (!form) return forward(form);
    if (form->path.has_value() == (request.upload != nullptr))
        return http::invalid_field("audio", "or path is needed: send one of them");
    auto recording = recording_in(door, *form, request);
    if (!recording) return forward(recording);
    const auto row = begin_with(door, *form, request, std::move(*recording));
    if (!row) return forward(row);
    auto job = timeline_job(*row);
    job.can_play = true;
    return http::json_response(util::json_text_of(job), 202).with("Location", "/api/v1/timelines/" + job.id);
}

}  // namespace audio_ident::api
