#include <algorithm>
#include <spdlog/spdlog.h>

#include "http/openapi.hpp"
#include "http/paths.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "http/types.hpp"
#include "lib/openssl/file_sha256.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::http {
namespace {

namespace fs = std::filesystem;

constexpr auto kStoreTimeout = std::chrono::seconds(10);
constexpr auto kLockTimeout = std::chrono::seconds(10);  ///< a job makes way; another program may not

Response answer_for(const catalog::Track& track, IngestStatus status) {
    return json_response(util::json_text_of(IngestResponse{track.id.to_string(), track.title, track.artist, status}));
}

/// An upload on its way to becoming a track.
class UploadIngest {
  public:
    UploadIngest(const Library& library, const fs::path& uploads, const Request& request)
        : library_(library), uploads_(uploads), request_(request) {}

    Result<Response> run() {
        const auto hash = openssl::file_sha256(request_.upload->path, request_.deadline);
        if (!hash) return forward(hash);
        if (hash->bytes == 0) return invalid_field("audio", "is empty");
        sha256_ = hash->sha256;
        const auto known = library_.catalog.find_by_hash(sha256_, deadline());
        if (!known) return forward(known);
        if (*known && (*known)->state == catalog::TrackState::ready)
            return answer_for(**known, IngestStatus::duplicate);

        const WriteTurns::Request turn(library_.turns);
        const auto lock = library_.lock("audio-ident serve: ingest an upload",
                                        Deadline::after(kLockTimeout, request_.deadline.stop_token()));
        if (!lock) return forward(lock);
        if (auto kept = keep_file(); !kept) return forward(kept);
        ingest::IngestRequest what;
        what.paths = {path_};
        what.threads = 1;
        ingest::IngestObserver nobody;
        const auto report = ingest::run_ingest(
            {library_.stores(), library_.make_analyzer, library_.chromaprint, *lock, library_.duplicate_notes}, what,
            nobody, request_.deadline.stop_token());
        auto answer = answer_of(report);
        if (!is_track_) discard_file();
        return answer;
    }

  private:
    Deadline deadline() const { return Deadline::after(kStoreTimeout, request_.deadline.stop_token()); }

    /// To its place by content, under the name it came with: the title may have to be read from that.
    Result<void> keep_file() {
        folder_ = uploads_ / sha256_.substr(0, 2) / sha256_;
        path_ = folder_ / safe_file_name(request_.upload->file_name);
        std::error_code error;
        fs::create_directories(folder_, error);
        if (!error) fs::rename(request_.upload->path, path_, error);
        if (error)
            return fail(ErrorKind::not_available, "cannot store the upload in {}: {}", folder_.string(),
                        error.message());
        return {};
    }

    void discard_file() const {
        std::error_code ignored;
        fs::remove(path_, ignored);
        fs::remove(folder_, ignored);  // when nothing else is in it
    }

    Result<std::optional<catalog::Track>> row_at(const std::string& path) {
        return library_.catalog.find_by_path(path, Deadline::after(kStoreTimeout));
    }

    Result<Response> answer_of(const ingest::IngestReport& report) {
        const auto name = util::path_to_text(path_.native());
        const auto own = row_at(name);
        if (!own) return forward(own);
        if (*own && (*own)->state == catalog::TrackState::ready) {
            is_track_ = true;
            return answer_for(**own, IngestStatus::ingested);
        }
        if (report.fatal) return Unexpected(*report.fatal);
        if (report.interrupted) return fail(ErrorKind::not_available, "the ingest was interrupted; try again");
        for (const auto& duplicate : report.duplicate_files) {
            if (duplicate.file != name) continue;
            const auto original = row_at(duplicate.original);
            if (!original) return forward(original);
            if (*original) return answer_for(**original, IngestStatus::duplicate);
        }
        for (const auto& error : report.errors) {
            if (error.file != name) continue;
            const bool of_file = error.kind != ErrorKind::not_available && error.kind != ErrorKind::internal;
            return Unexpected(
                Error{error.kind, error.error,
                      of_file && error.reason == Reason::unspecified ? Reason::unsupported_format : error.reason});
        }
        return fail(ErrorKind::internal, "the upload was neither ingested nor refused");
    }

    const Library& library_;
    const fs::path& uploads_;
    const Request& request_;
    std::string sha256_;
    fs::path folder_;
    fs::path path_;
    bool is_track_ = false;
};

/// The folder with all links resolved, when it is below a root.
Result<fs::path> allowed_folder(const std::string& directory, const std::vector<fs::path>& roots) {
    std::error_code error;
    const fs::path named = util::path_from_text(directory).value_or(directory);
    const auto folder = fs::canonical(named, error);
    const bool allowed = !error && std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) {
        std::error_code ignored;
        const auto real = fs::canonical(root, ignored);
        return !ignored && lies_below(folder, real);
    });
    // What is outside must not be told apart from what is not there.
    const bool inside_by_name =
        std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) { return lies_below(named, root); });
    if (allowed && fs::is_directory(folder, error)) return folder;
    if (allowed || (inside_by_name && error)) {
        return Unexpected(
            Error{ErrorKind::not_available, "there is no folder " + directory, Reason::directory_not_found});
    }
    return Unexpected(Error{ErrorKind::invalid_input,
                            directory + " is not below a folder of INGEST_ROOTS; add one that holds it",
                            Reason::forbidden});
}

Result<Response> ingest(const Library& library, Jobs& jobs, const IngestRules& rules, const Request& request) {
    const auto form = parse_fields<IngestForm>(request.form);
    if (!form) return forward(form);
    if (form->directory.has_value() == (request.upload != nullptr)) {
        return invalid_field("audio", "or directory: send one of them");
    }
    if (request.upload) {
        auto answer = UploadIngest(library, rules.uploads, request).run();
        // Before the answer goes out: who has it finds no half of an upload.
        std::error_code ignored;
        fs::remove(request.upload->path, ignored);
        return answer;
    }
    const auto folder = allowed_folder(*form->directory, rules.roots);
    if (!folder) return forward(folder);
    const auto job = jobs.add(util::path_to_text(folder->native()));
    if (!job) return forward(job);
    return json_response(util::json_text_of(*job), 202).with("Location", "/api/v1/ingest/jobs/" + job->id);
}

std::string id_of(const Request& request) {
    return *find_field(request.path_parameters, "id");
}

Unexpected no_job(const std::string& id) {
    if (!TrackId::parse(id)) return invalid_field("id", "must be a UUID");
    return Unexpected(not_found("there is no ingest job " + id));
}

Result<Response> show_job(const Jobs& jobs, const Request& request) {
    const auto job = jobs.find(id_of(request));
    if (!job) return no_job(id_of(request));
    return json_response(util::json_text_of(*job)).with("Cache-Control", "no-store");
}

Result<Response> cancel_job(Jobs& jobs, const Request& request) {
    const auto job = jobs.cancel(id_of(request));
    if (!job) return forward(job);
    if (!*job) return no_job(id_of(request));
    return json_response(util::json_text_of(**job), 202);
}

/// The job each time it changes, and a last time when it has ended.
Result<Response> follow_job(const Jobs& jobs, const Request& request) {
    const auto id = id_of(request);
    if (!jobs.find(id)) return no_job(id);
    Response response;
    response.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
    response.body = [&jobs, id, last = std::string(), ended = false]() mutable -> std::optional<std::string> {
        const auto job = jobs.find(id);
        if (!job || ended) return std::nullopt;
        ended = job->status != JobStatus::queued && job->status != JobStatus::running;
        auto text = util::json_text_of(*job);
        if (text == last) return std::string();
        last = text;
        return fmt::format("event: {}\ndata: {}\n\n", ended ? "end" : "progress", text);
    };
    return response;
}

}  // namespace

std::vector<Route> ingest_routes(const Library& library, Jobs& jobs, const IngestRules& rules) {
    return {
        {.method = "POST",
         .pattern = "/api/v1/ingest",
         .work = Work::cpu,
         .access = Access::write,
         .form = FormRules{kMaxTrackBytes, rules.uploads},
         .handle = [&library, &jobs, rules](const Request& request) { return ingest(library, jobs, rules, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("ingest", "Add an uploaded file, or start a job that adds a folder of the server")
                     .template form<IngestForm>(Operation::File::optional)
                     .template answers<IngestResponse>(200, "The file is a track now, or was one already")
                     .template answers<IngestJob>(202, "The job for the folder")
                     .fails({404})
                     .writes();
             }},
        {.method = "GET",
         .pattern = "/api/v1/ingest/jobs/{id}",
         .handle = [&jobs](const Request& request) { return show_job(jobs, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getIngestJob", "How a job goes, or went")
                     .id("job")
                     .template answers<IngestJob>(200, "The job")
                     .fails({404});
             }},
        {.method = "GET",
         .pattern = "/api/v1/ingest/jobs/{id}/events",
         .handle = [&jobs](const Request& request) { return follow_job(jobs, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("followIngestJob", "The job as server-sent events, until it has ended")
                     .id("job")
                     .answers(200, "Events: progress, at last end; data: an IngestJob", "text/event-stream",
                              {{"type", "object"},
                               {"required", {"event", "data"}},
                               {"properties",
                                {{"event", {{"type", "string"}, {"enum", {"progress", "end"}}}},
                                 {"data", {{"type", "string"}, {"contentMediaType", "application/json"}}}}}})
                     .fails({404});
             }},
        {.method = "DELETE",
         .pattern = "/api/v1/ingest/jobs/{id}",
         .access = Access::write,
         .handle = [&jobs](const Request& request) { return cancel_job(jobs, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("cancelIngestJob", "Cancel a job; what it has added stays")
                     .id("job")
                     .template answers<IngestJob>(202, "The job; it ends soon")
                     .fails({404})
                     .writes();
             }},
    };
}

}  // namespace audio_ident::http
