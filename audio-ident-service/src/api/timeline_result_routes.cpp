#include "api/constraints.hpp"
#include "api/find_timeline.hpp"
#include "api/ingest_types.hpp"
#include "api/request_parts.hpp"
#include "api/timeline_job_types.hpp"
#include "api/timeline_text.hpp"
#include "http/content_disposition.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "library/stored_timeline.hpp"
#include "library/timeline_changes.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

Result<Response> export_as(const TimelineDoor& door, const Request& request) {
    const auto query = read_fields<wire::TimelineExportQuery>(request.query);
    if (!query) return forward(query);
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    auto found = result_of(door, *now, store_deadline(request));
    if (!found) return forward(found);
    const auto format = query->format;
    Response response;
    response.body = timeline_text(library::without_rejected(std::move(found->timeline)), now->row.name, format);
    return response.with("Content-Type", std::string(timeline_content_type(format)))
        .with("Content-Disposition", http::attachment(fmt::format("{}.{}", now->row.name, timeline_extension(format))))
        .with("Cache-Control", "no-store");
}

/// Changes a stored result. When somebody else has changed it meanwhile, reads it again and changes that.
Result<library::RecordingTimeline> change_result(
    const TimelineDoor& door, const Request& request,
    const std::function<Result<void>(library::RecordingTimeline&)>& change) {
    constexpr int kTries = 5;
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    const auto deadline = store_deadline(request);
    for (int i = 0; i < kTries; ++i) {
        auto found = result_of(door, *now, deadline);
        if (!found) return forward(found);
        if (auto changed = change(found->timeline); !changed) return forward(changed);
        const auto rows = door.library.timelines(deadline);
        if (!rows) return forward(rows);
        const auto stored = (*rows)->change(now->row.id, {library::timeline_to_text(found->timeline), found->revision},
                                            static_cast<std::int64_t>(found->timeline.entries.size()), deadline);
        if (!stored) return forward(stored);
        if (*stored) return std::move(found->timeline);
    }
    return fail(ErrorKind::not_available, "others change the timeline at the same time; try again");
}

void set_verdict(library::NamedEntry& entry, wire::TimelineJudgement judgement) {
    switch (judgement) {
        case wire::TimelineJudgement::accepted: entry.verdict = library::Verdict::accepted; return;
        case wire::TimelineJudgement::rejected: entry.verdict = library::Verdict::rejected; return;
        case wire::TimelineJudgement::none: break;
    }
    entry.verdict.reset();
}

Result<Response> judge(const TimelineDoor& door, const Request& request) {
    const auto form = read_fields<wire::TimelineEntryForm>(request.form);
    if (!form) return forward(form);
    const auto number = number_in_path(request, "n");
    if (!number) return forward(number);
    const auto track = form->track_id ? TrackId::parse(*form->track_id) : std::nullopt;
    if (form->track_id && !track) return http::invalid_field("track_id", "must be a UUID");
    if (!form->verdict && !track) return http::invalid_field("verdict", "or track_id is needed");
    const auto changed = change_result(door, request, [&](library::RecordingTimeline& timeline) -> Result<void> {
        if (*number >= std::ssize(timeline.entries))
            return Unexpected(http::not_found(fmt::format("the timeline has no entry {}", *number)));
        auto& entry = timeline.entries[static_cast<std::size_t>(*number)];
        if (track && !library::choose(entry, *track))
            return http::invalid_field("track_id", "is not a candidate of this entry");
        if (form->verdict) set_verdict(entry, *form->verdict);
        return {};
    });
    if (!changed) return forward(changed);
    return http::json_response(
        util::json_text_of(wire::timeline(*changed).entries.at(static_cast<std::size_t>(*number))));
}

Result<library::Stretch> stretch_of(const wire::TimelineLearnForm& form) {
    if (!form.start) return http::invalid_field("start", "is missing");
    if (!form.end) return http::invalid_field("end", "is missing");
    if (*form.end <= *form.start) return http::invalid_field("end", "must be after start");
    const auto title = unless_blank(form.title);
    if (!title) return http::invalid_field("title", "is missing");
    return library::Stretch{*form.start, *form.end, *title, unless_blank(form.artist), unless_blank(form.album)};
}

Result<Response> learn(const TimelineDoor& door, const Request& request) {
    const auto form = read_fields<wire::TimelineLearnForm>(request.form);
    if (!form) return forward(form);
    const auto stretch = stretch_of(*form);
    if (!stretch) return forward(stretch);
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    if (auto finished = result_of(door, *now, store_deadline(request)); !finished) return forward(finished);
    const auto added = door.library.learn(
        recording_of(now->row), *stretch,
        {.purpose = "audio-ident serve: learn a stretch", .wait = kChangeWait, .stop = request.deadline.stop_token()});
    if (!added) return forward(added);
    // Later than the track, which stays whatever happens here: the next timeline of this recording finds it.
    const auto changed = change_result(door, request, [&](library::RecordingTimeline& timeline) -> Result<void> {
        library::put_learned(timeline, *stretch, added->track);
        return {};
    });
    if (!changed) return forward(changed);
    const auto status =
        added->as == library::Added::As::duplicate ? wire::IngestStatus::duplicate : wire::IngestStatus::ingested;
    return http::json_response(util::json_text_of(ingest_response(added->track, status)));
}

Route export_route(const TimelineDoor& door) {
    const auto describe = [](http::Operation& operation) {
        operation.summary("exportTimeline", "Get a finished timeline as a file for other programs")
            .id("timeline")
            .query<wire::TimelineExportQuery>();
        // As JSON it also has the recording's name, `file`.
        operation.answers<wire::Timeline>(200, "The file");
        using enum TimelineFormat;
        for (const auto format : {csv, cue, m3u8, audacity})
            operation.answers(200, "The file", timeline_content_type(format), {{"type", "string"}});
        operation.fails({404, 409});
    };
    return {.method = "GET",
            .pattern = "/api/v1/timelines/{id}/export",
            .handle = [door](const Request& request) { return export_as(door, request); },
            .describe = describe};
}

Route judge_route(const TimelineDoor& door) {
    return {.method = "PATCH",
            .pattern = "/api/v1/timelines/{id}/entries/{n}",
            .access = http::Access::write,
            .form = http::FormRules{},
            .handle = [door](const Request& request) { return judge(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation
                        .summary("judgeTimelineEntry", "Accept or reject an entry, or choose one of its candidates")
                        .id("timeline")
                        .number("n", "Number of the entry in the timeline, from 0")
                        .fields<wire::TimelineEntryForm>({})
                        .answers<wire::TimelineEntry>(200, "The entry as it is now")
                        .fails({404, 409})
                        .writes();
                }};
}

Route learn_route(const TimelineDoor& door) {
    return {.method = "POST",
            .pattern = "/api/v1/timelines/{id}/learn",
            .work = http::Work::cpu,
            .access = http::Access::write,
            .form = http::FormRules{},
            .handle = [door](const Request& request) { return learn(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation
                        .summary("learnFromTimeline", "Cut a stretch out of the recording and add it to the library")
                        .id("timeline")
                        .fields<wire::TimelineLearnForm>({"start", "end", "title"})
                        .answers<wire::IngestResponse>(200, "The track, which is an entry of the timeline now")
                        .fails({404, 409})
                        .writes();
                }};
}

}  // namespace

std::vector<Route> timeline_result_routes(const TimelineDoor& door) {
    return {export_route(door), judge_route(door), learn_route(door)};
}

}  // namespace audio_ident::api
