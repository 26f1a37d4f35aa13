#include "api/find_timeline.hpp"

#include <algorithm>
#include <set>

#include "api/request_parts.hpp"
#include "http/error_mapping.hpp"
#include "library/stored_timeline.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {
namespace {

Result<void> mark_gone(library::Library& library, library::RecordingTimeline& timeline, const Deadline& deadline) {
    std::set<TrackId> named;
    for (const auto& entry : timeline.entries) {
        named.insert(entry.track.id);
        for (const auto& other : entry.others) named.insert(other.track.id);
    }
    if (named.empty()) return {};
    const auto rows = library.find_many(std::vector(named.begin(), named.end()), deadline);
    if (!rows) return forward(rows);
    std::set<TrackId> there;
    for (const auto& row : *rows) {
        if (row.state == catalog::TrackState::ready) there.insert(row.id);
    }
    for (auto& entry : timeline.entries) {
        entry.track_gone = !there.contains(entry.track.id);
        for (auto& other : entry.others) other.track_gone = !there.contains(other.track.id);
    }
    return {};
}

}  // namespace

void bring_up_to_date(TimelineNow& now, const jobs::Job& job) {
    if (has_ended(now.row.status)) return;
    const auto& work = std::get<jobs::TimelineWork>(job.work);
    now.row.status = job.status;
    now.row.finished_at = job.finished_at;
    now.row.error = job.error ? job.error : work.trouble;
    now.row.restarts = job.restarts;
    now.row.heard_seconds = work.heard_seconds;
    now.row.total_seconds = work.total_seconds;
    now.resumed_seconds = work.resumed_seconds;
}

Result<TimelineNow> find_timeline(const TimelineDoor& door, const http::Request& request) {
    const auto id = id_in_path(request);
    if (!id) return forward(id);
    const auto deadline = store_deadline(request);
    const auto rows = door.library.timelines(deadline);
    if (!rows) return forward(rows);
    // The job before the row: a job that ends in between has stored its row by then.
    const auto job = door.jobs.find(*id);
    if (!job) return forward(job);
    auto row = (*rows)->find(*id, deadline);
    if (!row) return forward(row);
    if (!*row) return Unexpected(http::not_found("there is no timeline " + id->to_string()));
    TimelineNow now{std::move(**row)};
    if (*job) bring_up_to_date(now, **job);
    return now;
}

std::filesystem::path recording_of(const catalog::TimelineRow& row) {
    return util::path_from_text(row.recording).value_or("");
}

bool can_play(const TimelineDoor& door, const catalog::TimelineRow& row) {
    return door.files.may_have(recording_of(row));
}

Result<std::optional<FoundResult>> find_result(const TimelineDoor& door, const Uuid& id, const Deadline& deadline) {
    const auto rows = door.library.timelines(deadline);
    if (!rows) return forward(rows);
    const auto stored = (*rows)->result(id, deadline);
    if (!stored) return forward(stored);
    if (!*stored) return std::nullopt;
    auto timeline = library::timeline_from_text((*stored)->text);
    if (!timeline) return forward(timeline);
    if (auto marked = mark_gone(door.library, *timeline, deadline); !marked) return forward(marked);
    return FoundResult{std::move(*timeline), (*stored)->revision};
}

Result<FoundResult> result_of(const TimelineDoor& door, const TimelineNow& now, const Deadline& deadline) {
    auto found = find_result(door, now.row.id, deadline);
    if (!found) return forward(found);
    if (*found) return std::move(**found);
    return Unexpected(Error{ErrorKind::invalid_input,
                            has_ended(now.row.status)
                                ? "the timeline has no result: " + now.row.error.value_or("it was cancelled")
                                : std::string("the timeline is not finished yet"),
                            Reason::not_finished});
}

}  // namespace audio_ident::api
