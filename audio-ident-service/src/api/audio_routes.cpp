#include "api/constraints.hpp"
#include "api/find_track.hpp"
#include "api/media_types.hpp"
#include "api/opus_cache.hpp"
#include "api/routes.hpp"
#include "api/track_types.hpp"
#include "http/file_response.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

namespace fs = std::filesystem;
using http::Request;
using http::Response;
using http::Route;

constexpr auto kDecodeTimeout = std::chrono::seconds(120);

/// The track was decoded once, so a failure now means that its file is gone or damaged.
Unexpected cannot_decode(Error error) {
    if (error.kind != ErrorKind::timeout && error.kind != ErrorKind::internal && error.reason == Reason::unspecified)
        error.reason = Reason::file_not_found;
    return Unexpected(std::move(error));
}

Unexpected cannot_read(const catalog::Track& track, const Error& error) {
    return Unexpected(
        Error{ErrorKind::not_available,
              fmt::format("the file of the track {} cannot be read: {}", track.id.to_string(), error.message),
              Reason::file_not_found});
}

Result<Response> audio_file(const fs::path& path, const std::string& media_type, const catalog::Track& track,
                            const Request& request) {
    auto response = http::file_response(path, media_type, request);
    if (response) return response;
    return cannot_read(track, response.error());
}

Result<Response> audio(library::Library& library, const OpusCache& opus, const Request& request) {
    const auto query = read_fields<wire::AudioQuery>(request.query);
    if (!query) return forward(query);
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const auto deadline = Deadline::after(kDecodeTimeout, request.deadline.stop_token());
    if (query->as == wire::AudioForm::original) {
        const auto path = library.audio_file(*track, deadline);
        if (!path && path.error().reason == Reason::file_not_found) return cannot_read(*track, path.error());
        if (!path) return forward(path);
        return audio_file(*path, media_type_of(*path), *track, request);
    }
    const auto channels = track->channels.value_or(1) > 1 ? audio::Channels::stereo : audio::Channels::mono;
    auto file = opus.find(library.decoder(), *track, channels, deadline);
    if (!file) return cannot_decode(file.error());
    return audio_file(*file, "audio/ogg", *track, request);
}

Result<Response> waveform(library::Library& library, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const std::string tag = "\"peaks-" + track->file_hash_sha256 + "\"";
    Response response;
    if (request.header("if-none-match").find(tag) != std::string_view::npos) {
        response.status = 304;
    } else {
        const auto deadline = Deadline::after(kDecodeTimeout, request.deadline.stop_token());
        const auto thousandths = library.waveform(*track, deadline);
        if (!thousandths) return forward(thousandths);
        std::vector<double> peaks;
        for (const auto peak : *thousandths) peaks.push_back(peak / 1000.0);
        response = http::json_response(
            util::json_text_of(wire::Waveform{track->id.to_string(), track->duration_seconds, std::move(peaks)}));
    }
    return response.with("ETag", tag).with("Cache-Control", "private, no-cache");
}

Route audio_route(library::Library& library, const OpusCache& opus) {
    const auto describe = [](http::Operation& operation) {
        const boost::json::object bytes = {{"type", "string"}, {"format", "binary"}};
        operation.summary("getTrackAudio", "Get the track's audio file, whole or a range of it")
            .id("track")
            .query<wire::AudioQuery>()
            .header("Range", "bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT")
            .header("If-Range", "An ETag; the range only applies if the file still has it");
        for (const auto& type : media_types()) {
            operation.answers(200, "The whole file", type, bytes).answers(206, "The range", type, bytes);
        }
        operation.answers(304, "The file still has the ETag in If-None-Match").fails({404, 416});
    };
    return {.method = "GET",
            .pattern = "/api/v1/tracks/{id}/audio",
            .work = http::Work::cpu,
            .handle = [&library, opus](const Request& request) { return audio(library, opus, request); },
            .describe = describe};
}

Route waveform_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/tracks/{id}/waveform",
            .work = http::Work::cpu,
            .handle = [&library](const Request& request) { return waveform(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getTrackWaveform", "Get the waveform of the track")
                        .id("track")
                        .answers<wire::Waveform>(200, "The peaks")
                        .answers(304, "The peaks still have the ETag in If-None-Match")
                        .fails({404});
                }};
}

}  // namespace

std::vector<Route> audio_routes(library::Library& library, const OpusCache& opus) {
    return {audio_route(library, opus), waveform_route(library)};
}

}  // namespace audio_ident::api
