#include "api/constraints.hpp"
#include "api/find_track.hpp"
#include "api/routes.hpp"
#include "api/track_types.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

Result<Response> list(library::Library& library, const Request& request) {
    const auto query = read_fields<wire::TracksQuery>(request.query);
    if (!query) return forward(query);
    const auto found = library.list({.search = query->search,
                                     .state = catalog::TrackState::ready,
                                     .sort = query->sort,
                                     .order = query->order,
                                     .offset = (query->page - 1) * query->per_page,
                                     .limit = query->per_page},
                                    store_deadline(request));
    if (!found) return forward(found);
    wire::TrackPage page{
        {}, found->total, query->page, query->per_page, (found->total + query->per_page - 1) / query->per_page};
    for (const auto& track : found->tracks) page.items.push_back(wire::track_info(track));
    return http::json_response(util::json_text_of(page));
}

Result<Response> show(library::Library& library, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    return http::json_response(util::json_text_of(track_detail(*track)));
}

Result<Response> remove(library::Library& library, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const auto removed = library.remove(
        {&track->id, 1}, library::Uploads::remove,
        {.purpose = "audio-ident serve: remove a track", .wait = kChangeWait, .stop = request.deadline.stop_token()});
    if (!removed) return forward(removed);
    Response response;
    response.status = 204;
    return response;
}

}  // namespace

std::vector<Route> track_routes(library::Library& library) {
    return {{.method = "GET",
             .pattern = "/api/v1/tracks",
             .handle = [&library](const Request& request) { return list(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("listTracks", "List the tracks of the library, one page at a time")
                         .query<wire::TracksQuery>()
                         .answers<wire::TrackPage>(200, "A page of tracks");
                 }},
            {.method = "GET",
             .pattern = "/api/v1/tracks/{id}",
             .handle = [&library](const Request& request) { return show(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation.summary("getTrack", "Get everything that the library knows about a track")
                         .id("track")
                         .answers<wire::TrackDetail>(200, "The track")
                         .fails({404});
                 }},
            {.method = "DELETE",
             .pattern = "/api/v1/tracks/{id}",
             .access = http::Access::write,
             .handle = [&library](const Request& request) { return remove(library, request); },
             .describe =
                 [](http::Operation& operation) {
                     operation
                         .summary("deleteTrack",
                                  "Remove a track from the library; its file stays unless it was uploaded")
                         .id("track")
                         .answers(204, "The track was removed")
                         .fails({404})
                         .writes();
                 }}};
}

}  // namespace audio_ident::api
