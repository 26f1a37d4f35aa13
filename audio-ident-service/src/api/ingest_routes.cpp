#include "api/constraints.hpp"
#include "api/ingest_roots.hpp"
#include "api/ingest_types.hpp"
#include "api/paths.hpp"
#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

Result<Response> add(library::Library& library, const Request& request) {
    const auto added = library.add(
        {.file = request.upload->path, .name = safe_file_name(request.upload->file_name)},
        {.purpose = "audio-ident serve: ingest an upload", .wait = kChangeWait, .stop = request.deadline.stop_token()});
    // Removes the file before the response is sent, so that the client never finds half an upload.
    std::error_code ignored;
    std::filesystem::remove(request.upload->path, ignored);
    if (!added) return forward(added);
    const auto status =
        added->as == library::Added::As::duplicate ? wire::IngestStatus::duplicate : wire::IngestStatus::ingested;
    return http::json_response(util::json_text_of(ingest_response(added->track, status)));
}

Result<Response> ingest(library::Library& library, jobs::Jobs& jobs, const IngestRules& rules, const Request& request) {
    const auto form = read_fields<wire::IngestForm>(request.form);
    if (!form) return forward(form);
    if (form->directory.has_value() == (request.upload != nullptr)) {
        return http::invalid_field("audio", "or directory is needed: send one of them");
    }
    if (request.upload) return add(library, request);
    const auto folder = allowed_folder(*form->directory, rules.roots);
    if (!folder) return forward(folder);
    const auto job = jobs.add(jobs::IngestWork{.directory = util::path_to_text(folder->native())});
    if (!job) return forward(job);
    const auto answer = ingest_job(*job);
    return http::json_response(util::json_text_of(answer), 202).with("Location", "/api/v1/ingest/jobs/" + answer.id);
}

}  // namespace

std::vector<Route> ingest_routes(library::Library& library, jobs::Jobs& jobs, const IngestRules& rules) {
    return {
        {.method = "POST",
         .pattern = "/api/v1/ingest",
         .work = http::Work::cpu,
         .access = http::Access::write,
         .form = http::FormRules{"audio", kMaxTrackBytes, rules.uploads},
         .handle = [&library, &jobs, rules](const Request& request) { return ingest(library, jobs, rules, request); },
         .describe =
             [](http::Operation& operation) {
                 operation.summary("ingest", "Add an uploaded file, or start a job that adds a folder on the server")
                     .form<wire::IngestForm>("audio", http::Operation::File::optional)
                     .answers<wire::IngestResponse>(200, "The file is a track now, or was a track already")
                     .answers<wire::IngestJob>(202, "The job that adds the folder")
                     .fails({404})
                     .writes();
             }}};
}

}  // namespace audio_ident::api
