#include "api/begin_timeline.hpp"
#include "api/constraints.hpp"
#include "api/find_timeline.hpp"
#include "api/request_parts.hpp"
#include "api/timeline_job_types.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

Result<Response> list(const TimelineDoor& door, const Request& request) {
    const auto query = read_fields<wire::TimelinesQuery>(request.query);
    if (!query) return forward(query);
    const auto deadline = store_deadline(request);
    const auto rows = door.library.timelines(deadline);
    if (!rows) return forward(rows);
    auto found = (*rows)->list((query->page - 1) * query->per_page, query->per_page, deadline);
    if (!found) return forward(found);
    wire::TimelinePage page{
        {}, found->total, query->page, query->per_page, (found->total + query->per_page - 1) / query->per_page};
    for (auto& row : found->rows) {
        TimelineNow now{std::move(row)};
        const auto job = door.jobs.find(now.row.id);
        if (!job) return forward(job);
        if (*job) bring_up_to_date(now, **job);
        page.items.push_back(timeline_summary(now.row));
    }
    return http::json_response(util::json_text_of(page)).with("Cache-Control", "no-store");
}

wire::TimelineJob job_of(const TimelineDoor& door, const TimelineNow& now) {
    auto job = timeline_job(now.row);
    job.resumed_seconds = now.resumed_seconds;
    job.can_play = can_play(door, now.row);
    return job;
}

/// The job as JSON, with a timeline that is JSON already.
std::string with_timeline(const wire::TimelineJob& job, std::string_view timeline) {
    constexpr std::string_view kEnd = "null}";
    auto text = util::json_text_of(job);
    text.resize(text.size() - kEnd.size());
    return text.append(timeline) + '}';
}

Result<Response> show(const TimelineDoor& door, const Request& request) {
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    const auto so_far = door.unfinished.find(now->row.id);
    auto result = find_result(door, now->row.id, store_deadline(request));
    if (!result) return forward(result);
    auto job = job_of(door, *now);
    std::string text;
    if (!*result && so_far) {
        text = with_timeline(job, *so_far->timeline);
    } else {
        if (*result) job.timeline = wire::timeline((*result)->timeline);
        text = util::json_text_of(job);
    }
    return http::json_response(std::move(text)).with("Cache-Control", "no-store");
}

/// Gives the job each time it changes, with its timeline when that has changed, and a last time when it has ended.
/// Reads no store: the connections' thread calls it.
class TimelineEvents {
  public:
    TimelineEvents(const TimelineDoor& door, TimelineNow now)
        : jobs_(&door.jobs), unfinished_(&door.unfinished), can_play_(can_play(door, now.row)), now_(std::move(now)) {}

    std::optional<std::string> operator()() {
        if (ended_) return std::nullopt;
        const auto [busy, job] = jobs_->glance(now_.row.id);
        if (busy) return std::string();
        if (job) bring_up_to_date(now_, *job);
        // A timeline that ended some time ago has no job any more. One that had not ended was removed.
        ended_ = job ? jobs::has_ended(*job) : true;
        if (!job && !has_ended(now_.row.status)) now_.row.status = catalog::JobStatus::cancelled;
        const auto text = words();
        if (text == last_ && !ended_) return std::string();
        last_ = text;
        const auto so_far = unfinished_->find(now_.row.id);
        const bool is_new = so_far && so_far->version != version_ && !ended_;
        if (so_far) version_ = so_far->version;
        return fmt::format("event: {}\ndata: {}\n\n", ended_ ? "end" : "progress",
                           is_new ? with_timeline(of_now(), *so_far->timeline) : text);
    }

  private:
    wire::TimelineJob of_now() const {
        auto job = timeline_job(now_.row);
        job.resumed_seconds = now_.resumed_seconds;
        job.can_play = can_play_;
        return job;
    }
    std::string words() const { return util::json_text_of(of_now()); }

    const jobs::Jobs* jobs_;
    const UnfinishedTimelines* unfinished_;
    bool can_play_;
    TimelineNow now_;
    std::string last_;
    std::uint64_t version_ = 0;
    bool ended_ = false;
};

Result<Response> follow(const TimelineDoor& door, const Request& request) {
    auto now = find_timeline(door, request);
    if (!now) return forward(now);
    Response response;
    response.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
    response.body = TimelineEvents(door, std::move(*now));
    return response;
}

Result<Response> remove(const TimelineDoor& door, const Request& request) {
    const auto id = id_in_path(request);
    if (!id) return forward(id);
    const auto removed = door.jobs.remove(*id);
    if (!removed) return forward(removed);
    if (!*removed) return Unexpected(http::not_found("there is no timeline " + id->to_string()));
    Response response;
    response.status = 204;
    return response;
}

Route begin_route(const TimelineDoor& door) {
    return {.method = "POST",
            .pattern = "/api/v1/timelines",
            .work = http::Work::cpu,
            .access = http::Access::write,
            .form = http::FormRules{"audio", kMaxRecordingBytes, door.rules.uploads},
            .handle = [door](const Request& request) { return begin_timeline(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation
                        .summary(
                            "makeTimeline",
                            "Start a job that tells who plays when in a recording: an upload, or a file on the server")
                        .form<wire::TimelineForm>("audio", http::Operation::File::optional)
                        .answers<wire::TimelineJob>(202, "The job, whose result is kept until it is removed")
                        .fails({404})
                        .writes();
                }};
}

Route list_route(const TimelineDoor& door) {
    return {.method = "GET",
            .pattern = "/api/v1/timelines",
            .handle = [door](const Request& request) { return list(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("listTimelines", "List the timelines, newest first, one page at a time")
                        .query<wire::TimelinesQuery>()
                        .answers<wire::TimelinePage>(200, "A page of timelines");
                }};
}

Route show_route(const TimelineDoor& door) {
    return {.method = "GET",
            .pattern = "/api/v1/timelines/{id}",
            .handle = [door](const Request& request) { return show(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getTimeline", "Get a timeline: what is decided so far, or the result")
                        .id("timeline")
                        .answers<wire::TimelineJob>(200, "The timeline")
                        .fails({404});
                }};
}

Route follow_route(const TimelineDoor& door) {
    return {.method = "GET",
            .pattern = "/api/v1/timelines/{id}/events",
            .handle = [door](const Request& request) { return follow(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("followTimeline", "Follow a timeline as server-sent events until it has ended")
                        .id("timeline")
                        .answers(
                            200,
                            "Events: progress, then end; the data of each is a TimelineJob, whose timeline is null "
                            "unless it has changed",
                            "text/event-stream",
                            {{"type", "object"},
                             {"required", {"event", "data"}},
                             {"properties",
                              {{"event", {{"type", "string"}, {"enum", {"progress", "end"}}}},
                               {"data", {{"type", "string"}, {"contentMediaType", "application/json"}}}}}})
                        .fails({404});
                }};
}

Route remove_route(const TimelineDoor& door) {
    return {.method = "DELETE",
            .pattern = "/api/v1/timelines/{id}",
            .access = http::Access::write,
            .handle = [door](const Request& request) { return remove(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation
                        .summary("deleteTimeline",
                                 "Stop and remove a timeline, with its recording if that was uploaded")
                        .id("timeline")
                        .answers(204, "The timeline was removed")
                        .fails({404})
                        .writes();
                }};
}

}  // namespace

std::vector<Route> timeline_routes(const TimelineDoor& door) {
    return {begin_route(door), list_route(door), show_route(door), follow_route(door), remove_route(door)};
}

}  // namespace audio_ident::api
