#include "http/openapi.hpp"
#include "http/routes.hpp"
#include "http/types.hpp"
#include "search/identify.hpp"
#include "util/json.hpp"

namespace audio_ident::http {
namespace {

Result<Response> search(const Library& library, std::chrono::milliseconds timeout, const Request& request) {
    const auto form = parse_fields<SearchForm>(request.form);
    if (!form) return forward(form);
    if (!request.upload) return invalid_field("audio", "is missing: send a file");
    if (form->mode == search::SearchMode::vibe) {
        return fail(ErrorKind::not_available, "this version has no vibe lane; use mode=exact");
    }
    const search::ExactLane lane(library.fingerprints, library.calibration);
    const search::IdentifyParts parts{library.decoder, library.catalog, lane};
    const search::IdentifyOptions options{
        .exact = {.max_results = static_cast<std::size_t>(form->max_results),
                  .deadline = Deadline::after(timeout, request.deadline.stop_token())},
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
                 }}};
}

}  // namespace audio_ident::http
