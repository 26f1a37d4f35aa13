#include "api/ingest_types.hpp"
#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

std::string job_text(const jobs::Job& job) {
    return util::json_text_of(ingest_job(job));
}

Unexpected no_job(const Uuid& id) {
    return Unexpected(http::not_found("there is no ingest job " + id.to_string()));
}

/// The ingest job that the path's {id} names.
Result<jobs::Job> find_job(const jobs::Jobs& jobs, const Request& request) {
    const auto id = id_in_path(request);
    if (!id) return forward(id);
    auto job = jobs.find(*id);
    if (!job) return forward(job);
    if (!*job || !std::holds_alternative<jobs::IngestWork>((*job)->work)) return no_job(*id);
    return std::move(**job);
}

Result<Response> show(const jobs::Jobs& jobs, const Request& request) {
    const auto job = find_job(jobs, request);
    if (!job) return forward(job);
    return http::json_response(job_text(*job)).with("Cache-Control", "no-store");
}

Result<Response> cancel(jobs::Jobs& jobs, const Request& request) {
    const auto job = find_job(jobs, request);
    if (!job) return forward(job);
    const auto cancelled = jobs.cancel(job->id);
    if (!cancelled) return forward(cancelled);
    if (!*cancelled) return no_job(job->id);
    return http::json_response(job_text(**cancelled), 202);
}

/// Gives the job each time it changes, and a last time when it has ended.
class JobEvents {
  public:
    JobEvents(const jobs::Jobs& jobs, const Uuid& id) : jobs_(jobs), id_(id) {}

    std::optional<std::string> operator()() {
        if (ended_) return std::nullopt;
        const auto [busy, job] = jobs_.glance(id_);
        if (busy) return std::string();
        if (!job) return std::nullopt;
        ended_ = jobs::has_ended(*job);
        auto text = job_text(*job);
        if (text == last_) return std::string();
        last_ = text;
        return fmt::format("event: {}\ndata: {}\n\n", ended_ ? "end" : "progress", text);
    }

  private:
    const jobs::Jobs& jobs_;
    Uuid id_;
    std::string last_;
    bool ended_ = false;
};

Result<Response> follow(const jobs::Jobs& jobs, const Request& request) {
    const auto job = find_job(jobs, request);
    if (!job) return forward(job);
    Response response;
    response.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
    response.body = JobEvents(jobs, job->id);
    return response;
}

Route show_route(const jobs::Jobs& jobs) {
    return {.method = "GET",
            .pattern = "/api/v1/ingest/jobs/{id}",
            .handle = [&jobs](const Request& request) { return show(jobs, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getIngestJob", "Get the state and the report of an ingest job")
                        .id("job")
                        .answers<wire::IngestJob>(200, "The job")
                        .fails({404});
                }};
}

Route follow_route(const jobs::Jobs& jobs) {
    return {.method = "GET",
            .pattern = "/api/v1/ingest/jobs/{id}/events",
            .handle = [&jobs](const Request& request) { return follow(jobs, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("followIngestJob", "Follow an ingest job as server-sent events until it ends")
                        .id("job")
                        .answers(200, "Events: progress, then end; the data of each is an IngestJob",
                                 "text/event-stream",
                                 {{"type", "object"},
                                  {"required", {"event", "data"}},
                                  {"properties",
                                   {{"event", {{"type", "string"}, {"enum", {"progress", "end"}}}},
                                    {"data", {{"type", "string"}, {"contentMediaType", "application/json"}}}}}})
                        .fails({404});
                }};
}

Route cancel_route(jobs::Jobs& jobs) {
    return {.method = "DELETE",
            .pattern = "/api/v1/ingest/jobs/{id}",
            .access = http::Access::write,
            .handle = [&jobs](const Request& request) { return cancel(jobs, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("cancelIngestJob", "Cancel an ingest job; the tracks that it has added stay")
                        .id("job")
                        .answers<wire::IngestJob>(202, "The job, which ends soon")
                        .fails({404})
                        .writes();
                }};
}

}  // namespace

std::vector<Route> job_routes(jobs::Jobs& jobs) {
    return {show_route(jobs), follow_route(jobs), cancel_route(jobs)};
}

}  // namespace audio_ident::api
