#include "http/find_track.hpp"
#include "http/openapi.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "http/types.hpp"
#include "search/identify.hpp"
#include "util/json.hpp"

namespace audio_ident::http {
namespace {

/// As the library stands now; a store that does not answer is as good as none, and the answer says so.
Result<search::VibeLane> vibe_lane(const Library& library, search::SearchMode mode, const Deadline& deadline) {
    if (mode == search::SearchMode::exact) return fail(ErrorKind::not_available, "the vibe lane was not asked");
    if (!library.vibe) return forward(library.vibe);
    return (*library.vibe)->lane(deadline);
}

search::Order order_of(bool diverse) {
    return diverse ? search::Order::diverse : search::Order::nearest;
}

Result<Response> similar(const Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto query = parse_fields<SimilarQuery>(request.query);
    if (!query) return forward(query);
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    if (query->at && *query->at > track->duration_seconds) return Unexpected(not_found("at is after the track's end"));
    const Deadline deadline = Deadline::after(timeout, request.deadline.stop_token());
    const auto lane = vibe_lane(library, search::SearchMode::vibe, deadline);
    if (!lane) return forward(lane);
    const auto found = lane->similar(track->id, query->at,
                                     {.max_results = static_cast<std::size_t>(query->limit),
                                      .order = order_of(query->diverse),
                                      .deadline = deadline});
    if (!found) return forward(found);
    if (!*found) return fail(ErrorKind::not_available, "the track has no vectors yet; run `audio-ident reembed`");
    std::vector<catalog::Track> rows;
    auto matches =
        search::vibe_matches(library.catalog, **found, (*library.vibe)->embedder().model().name, rows, deadline);
    if (!matches) return forward(matches);
    return json_response(util::json_text_of(SimilarTracks{std::move(*matches)}));
}

Result<Response> search(const Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto form = parse_fields<SearchForm>(request.form);
    if (!form) return forward(form);
    if (!request.upload) return invalid_field("audio", "is missing: send a file");
    const auto max_results = static_cast<std::size_t>(form->max_results);
    const Deadline deadline = Deadline::after(timeout, request.deadline.stop_token());
    const search::ExactLane exact(library.fingerprints, library.calibration);
    const auto vibe = vibe_lane(library, form->mode, deadline);
    search::IdentifyParts parts{library.decoder, library.catalog, exact};
    if (vibe) parts.vibe = search::VibeParts{&(*library.vibe)->embedder(), &*vibe};
    else parts.vibe = forward(vibe);
    const search::IdentifyOptions options{
        .exact = {.max_results = max_results, .deadline = deadline},
        .vibe = {.max_results = max_results, .order = order_of(form->diverse), .deadline = deadline},
        .mode = form->mode,
        .length = search::TooLong::refuse,
    };
    auto answer = search::identify(parts, std::as_bytes(std::span(request.upload->bytes)), options);
    if (!answer) return forward(answer);
    answer->response.request_id = request.id;
    return json_response(util::json_text_of(answer->response));
}

}  // namespace

std::vector<Route> search_routes(const Library& library, std::chrono::milliseconds timeout) {
    return {{.method = "POST",
             .pattern = "/api/v1/search",
             .work = Work::cpu,
             .form = FormRules{kMaxClipBytes},
             .handle = [&library, timeout](const Request& request) { return search(library, timeout, request); },
             .describe =
                 [](auto& operation, auto& components) {
                     Operation(operation, components)
                         .summary("search", "Which recording is this clip, and what sounds like it?")
                         .template form<SearchForm>(Operation::File::required)
                         .template answers<search::SearchResponse>(200, "What was found; no match is an answer too")
                         .fails({504});
                 }},
            {.method = "GET",
             .pattern = "/api/v1/tracks/{id}/similar",
             .work = Work::cpu,
             .handle = [&library, timeout](const Request& request) { return similar(library, timeout, request); },
             .describe =
                 [](auto& operation, auto& components) {
                     Operation(operation, components)
                         .summary("getSimilarTracks", "What sounds like this track, or like a moment of it?")
                         .id("track")
                         .template query<SimilarQuery>()
                         .template answers<SimilarTracks>(200, "Most similar first; nothing similar is an answer too")
                         .fails({404, 504});
                 }}};
}

}  // namespace audio_ident::http
