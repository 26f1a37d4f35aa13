#include "api/constraints.hpp"
#include "api/find_track.hpp"
#include "api/routes.hpp"
#include "api/search_forms.hpp"
#include "api/station_types.hpp"
#include "http/error_mapping.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

search::Order order_of(bool diverse) {
    return diverse ? search::Order::diverse : search::Order::nearest;
}

Result<Response> similar(library::Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto query = read_fields<wire::SimilarQuery>(request.query);
    if (!query) return forward(query);
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    if (query->at && *query->at > track->duration_seconds)
        return Unexpected(http::not_found("at is after the track's end"));
    const auto found =
        library.similar({.track = track->id,
                         .at_seconds = query->at,
                         .options = {.max_results = static_cast<std::size_t>(query->limit),
                                     .order = order_of(query->diverse),
                                     .deadline = Deadline::after(timeout, request.deadline.stop_token())}});
    if (!found) return forward(found);
    return http::json_response(util::json_text_of(wire::SimilarTracks{wire::vibe_matches(*found)}));
}

Result<Response> search(library::Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto form = read_fields<wire::SearchForm>(request.form);
    if (!form) return forward(form);
    if (!request.upload) return http::invalid_field("audio", "is missing: send a file");
    const library::IdentifyRequest wanted{.mode = wire::mode_of(form->mode),
                                          .max_results = static_cast<std::size_t>(form->max_results),
                                          .order = order_of(form->diverse),
                                          .length = library::TooLong::refuse,
                                          .deadline = Deadline::after(timeout, request.deadline.stop_token())};
    const auto found = library.identify(std::as_bytes(std::span(request.upload->bytes)), wanted);
    if (!found) return forward(found);
    return http::json_response(util::json_text_of(wire::search_response(*found, wanted.mode, request.id)));
}

Result<Response> search_stations(library::Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto form = read_fields<wire::StationSearchForm>(request.form);
    if (!form) return forward(form);
    if (!request.upload) return http::invalid_field("audio", "is missing: send a file");
    const auto found = library.stations(std::as_bytes(std::span(request.upload->bytes)),
                                        {.max_results = static_cast<std::size_t>(form->max_results),
                                         .length = library::TooLong::refuse,
                                         .deadline = Deadline::after(timeout, request.deadline.stop_token())});
    if (!found) return forward(found);
    return http::json_response(util::json_text_of(wire::station_search_response(*found, request.id)));
}

}  // namespace

std::vector<Route> search_routes(library::Library& library, std::chrono::milliseconds timeout) {
    return {
        {.method = "POST",
         .pattern = "/api/v1/search",
         .work = http::Work::cpu,
         .form = http::FormRules{"audio", kMaxClipBytes},
         .handle = [&library, timeout](const Request& request) { return search(library, timeout, request); },
         .describe =
             [](http::Operation& operation) {
                 operation.summary("search", "Identify a clip, and find tracks that sound like it")
                     .form<wire::SearchForm>("audio", http::Operation::File::required)
                     .answers<wire::SearchResponse>(200, "The matches; the lists are empty when nothing matches")
                     .fails({504});
             }},
        {.method = "POST",
         .pattern = "/api/v1/search/stations",
         .work = http::Work::cpu,
         .form = http::FormRules{"audio", kMaxClipBytes},
         .handle = [&library, timeout](const Request& request) { return search_stations(library, timeout, request); },
         .describe =
             [](http::Operation& operation) {
                 operation.summary("searchStations", "Find which stations played a clip in the last hours, and when")
                     .form<wire::StationSearchForm>("audio", http::Operation::File::required)
                     .answers<wire::StationSearchResponse>(200, "The best first; empty when no station played it")
                     .fails({504});
             }},
        {.method = "GET",
         .pattern = "/api/v1/tracks/{id}/similar",
         .work = http::Work::cpu,
         .handle = [&library, timeout](const Request& request) { return similar(library, timeout, request); },
         .describe =
             [](http::Operation& operation) {
                 operation.summary("getSimilarTracks", "Find tracks that sound like this track or a moment of it")
                     .id("track")
                     .query<wire::SimilarQuery>()
                     .answers<wire::SimilarTracks>(200, "The most similar first; the list may be empty")
                     .fails({404, 504});
             }}};
}

}  // namespace audio_ident::api
