#include "api/constraints.hpp"
#include "api/ingest_types.hpp"
#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "api/sound_types.hpp"
#include "http/error_mapping.hpp"
#include "http/file_response.hpp"
#include "http/openapi.hpp"
#include "library/keep_sound.hpp"
#include "util/json.hpp"
#include "util/utf8.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;
using monitor::SoundFiles;

constexpr std::int64_t kMostPlays = 1000;
constexpr auto kFlac = "audio/flac";

Result<catalog::MonitorStore*> store_with(library::Library& library, const Uuid& monitor, const Deadline& deadline) {
    auto store = library.monitors(deadline);
    if (!store) return store;
    const auto row = (*store)->find(monitor, deadline);
    if (!row) return forward(row);
    if (!*row) return Unexpected(http::not_found("there is no monitor " + monitor.to_string()));
    return store;
}

/// A sound that a path names.
struct Named {
    catalog::MonitorStore& store;
    catalog::CountedSound sound;
};

Result<Named> sound_in_path(library::Library& library, const Request& request) {
    const auto monitor = id_in_path(request);
    if (!monitor) return forward(monitor);
    const auto number = number_in_path(request, "number");
    if (!number) return forward(number);
    const auto deadline = store_deadline(request);
    const auto store = store_with(library, *monitor, deadline);
    if (!store) return forward(store);
    const auto sound = (*store)->find_sound(*monitor, *number, deadline);
    if (!sound) return forward(sound);
    if (!*sound) return Unexpected(http::not_found(fmt::format("the monitor has no sound {}", *number)));
    return Named{**store, **sound};
}

Result<Response> list(library::Library& library, const SoundFiles& files, const Request& request) {
    const auto query = read_fields<wire::SoundsQuery>(request.query);
    if (!query) return forward(query);
    const auto monitor = id_in_path(request);
    if (!monitor) return forward(monitor);
    const auto deadline = store_deadline(request);
    const auto store = store_with(library, *monitor, deadline);
    if (!store) return forward(store);
    const auto per_page = query->per_page;
    const auto found = (*store)->sounds(*monitor, (query->page - 1) * per_page, per_page, deadline);
    if (!found) return forward(found);
    wire::SoundPage page{{}, found->total, query->page, per_page, (found->total + per_page - 1) / per_page};
    for (const auto& sound : found->sounds) {
        const bool has_audio = files.has(*monitor, sound.row.id);
        page.items.push_back(sound_of(sound, has_audio ? SoundAudio::present : SoundAudio::absent));
    }
    return http::json_response(util::json_text_of(page)).with("Cache-Control", "no-store");
}

Result<Response> plays(library::Library& library, const Request& request) {
    const auto named = sound_in_path(library, request);
    if (!named) return forward(named);
    const auto found = named->store.sound_plays(named->sound.row.id, kMostPlays, store_deadline(request));
    if (!found) return forward(found);
    wire::SoundPlayList answer;
    for (const auto& play : *found) answer.items.push_back(sound_play_of(play));
    return http::json_response(util::json_text_of(answer)).with("Cache-Control", "no-store");
}

Result<Response> audio(library::Library& library, const SoundFiles& files, const Request& request) {
    const auto named = sound_in_path(library, request);
    if (!named) return forward(named);
    const auto& row = named->sound.row;
    auto response = http::file_response(files.file(row.monitor, row.id), kFlac, request);
    if (response) return response;
    return library::no_audio_yet(row.number);
}

Result<Response> keep(library::Library& library, const SoundFiles& files, const Request& request) {
    const auto form = read_fields<wire::KeepSoundForm>(request.form);
    if (!form) return forward(form);
    const auto title = unless_blank(form->title);
    if (!title) return http::invalid_field("title", "is missing");
    const auto named = sound_in_path(library, request);
    if (!named) return forward(named);
    const auto& row = named->sound.row;
    const auto added = library::keep_sound(
        library, files, row.monitor, row.number, {*title, unless_blank(form->artist)},
        {.purpose = "audio-ident serve: keep a sound", .wait = kChangeWait, .stop = request.deadline.stop_token()});
    if (!added) return forward(added);
    const auto status =
        added->as == library::Added::As::duplicate ? wire::IngestStatus::duplicate : wire::IngestStatus::ingested;
    return http::json_response(util::json_text_of(ingest_response(added->track, status)));
}

Route list_route(library::Library& library, const SoundFiles& files) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors/{id}/sounds",
            .handle = [&library, files](const Request& request) { return list(library, files, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("listSounds", "List unknown sounds that a station plays again and again")
                        .id("monitor")
                        .query<wire::SoundsQuery>()
                        .answers<wire::SoundPage>(200, "A page of sounds, most plays first")
                        .fails({404});
                }};
}

Route plays_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors/{id}/sounds/{number}/plays",
            .handle = [&library](const Request& request) { return plays(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("listSoundPlays", "List when a sound was played: the last 1,000, latest first")
                        .id("monitor")
                        .number("number", "Number of the sound, from 1")
                        .answers<wire::SoundPlayList>(200, "The plays")
                        .fails({404});
                }};
}

Route audio_route(library::Library& library, const SoundFiles& files) {
    return {.method = "GET",
            .pattern = "/api/v1/monitors/{id}/sounds/{number}/audio",
            .handle = [&library, files](const Request& request) { return audio(library, files, request); },
            .describe =
                [](http::Operation& operation) {
                    const boost::json::object bytes = {{"type", "string"}, {"format", "binary"}};
                    operation.summary("getSoundAudio", "Get the audio of a sound, whole or a range of it")
                        .id("monitor")
                        .number("number", "Number of the sound, from 1")
                        .header("Range", "bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT")
                        .header("If-Range", "An ETag; the range only applies if the file still has it")
                        .answers(200, "The whole file", kFlac, bytes)
                        .answers(206, "The range", kFlac, bytes)
                        .answers(304, "The file still has the ETag in If-None-Match")
                        .fails({404, 409, 416});
                }};
}

Route keep_route(library::Library& library, const SoundFiles& files) {
    return {.method = "POST",
            .pattern = "/api/v1/monitors/{id}/sounds/{number}/keep",
            .work = http::Work::cpu,
            .access = http::Access::write,
            .form = http::FormRules{},
            .handle = [&library, files](const Request& request) { return keep(library, files, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("keepSound", "Name a sound and add it to the library")
                        .id("monitor")
                        .number("number", "Number of the sound, from 1")
                        .fields<wire::KeepSoundForm>({"title"})
                        .answers<wire::IngestResponse>(200, "The track")
                        .fails({404, 409})
                        .writes();
                }};
}

}  // namespace

std::vector<Route> sound_routes(library::Library& library, const SoundFiles& files) {
    return {list_route(library, files), plays_route(library), audio_route(library, files), keep_route(library, files)};
}

}  // namespace audio_ident::api
