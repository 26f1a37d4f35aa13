#include "api/find_timeline.hpp"
#include "api/media_types.hpp"
#include "api/request_parts.hpp"
#include "api/timeline_job_types.hpp"
#include "api/timeline_peaks.hpp"
#include "http/error_mapping.hpp"
#include "http/file_response.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

constexpr auto kFetchTimeout = std::chrono::minutes(10);

Unexpected recording_gone(const catalog::TimelineRow& row, std::string_view why) {
    return Unexpected(Error{ErrorKind::not_available,
                            fmt::format("the recording of the timeline {} cannot be read: {}", row.id.to_string(), why),
                            Reason::file_not_found});
}

/// A file of the timeline, fetched when it is elsewhere.
Result<std::filesystem::path> opened(const TimelineDoor& door, const TimelineNow& now,
                                     const std::filesystem::path& file, const Request& request) {
    auto here = door.files.open(file, Deadline::after(kFetchTimeout, request.deadline.stop_token()));
    if (here || here.error().reason != Reason::file_not_found) return here;
    return recording_gone(now.row, here.error().message);
}

Result<Response> audio(const TimelineDoor& door, const Request& request) {
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    const auto file = opened(door, *now, recording_of(now->row), request);
    if (!file) return forward(file);
    auto response = http::file_response(*file, media_type_of(*file), request);
    if (response) return response;
    return recording_gone(now->row, response.error().message);
}

Result<Response> waveform(const TimelineDoor& door, const Request& request) {
    const auto now = find_timeline(door, request);
    if (!now) return forward(now);
    const auto& row = now->row;
    wire::TimelineWaveform waveform{row.id.to_string(), row.heard_seconds, {}};
    const auto add = [&](const audio::WaveformPeaks& thousandths) {
        for (const auto peak : thousandths) waveform.peaks.push_back(peak / 1000.0);
    };
    if (row.status == catalog::JobStatus::finished) {
        const auto file = opened(door, *now, door.files.peaks(row.id), request);
        if (!file) return forward(file);
        const auto stored = read_peaks(*file);
        if (!stored) return recording_gone(row, "its waveform is gone");
        add(*stored);
    } else if (const auto so_far = door.unfinished.find(row.id)) {
        waveform.duration_seconds = so_far->seconds;
        add(*so_far->peaks);
    } else {
        waveform.duration_seconds = 0;
    }
    return http::json_response(util::json_text_of(waveform)).with("Cache-Control", "no-store");
}

Route audio_route(const TimelineDoor& door) {
    const auto describe = [](http::Operation& operation) {
        const boost::json::object bytes = {{"type", "string"}, {"format", "binary"}};
        operation.summary("getTimelineAudio", "Get the recording of a timeline, whole or a range of it")
            .id("timeline")
            .header("Range", "bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT")
            .header("If-Range", "An ETag; the range only applies if the file still has it");
        for (const auto& type : media_types()) {
            operation.answers(200, "The whole file", type, bytes).answers(206, "The range", type, bytes);
        }
        operation.answers(304, "The file still has the ETag in If-None-Match").fails({404, 416});
    };
    return {.method = "GET",
            .pattern = "/api/v1/timelines/{id}/audio",
            .handle = [door](const Request& request) { return audio(door, request); },
            .describe = describe};
}

Route waveform_route(const TimelineDoor& door) {
    return {.method = "GET",
            .pattern = "/api/v1/timelines/{id}/waveform",
            .handle = [door](const Request& request) { return waveform(door, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getTimelineWaveform", "Get the waveform of a recording, as far as it was heard")
                        .id("timeline")
                        .answers<wire::TimelineWaveform>(200, "The peaks")
                        .fails({404});
                }};
}

}  // namespace

std::vector<Route> timeline_recording_routes(const TimelineDoor& door) {
    return {audio_route(door), waveform_route(door)};
}

}  // namespace audio_ident::api
