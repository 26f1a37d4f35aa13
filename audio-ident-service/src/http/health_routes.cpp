#include "http/find_track.hpp"
#include "http/openapi.hpp"
#include "http/routes.hpp"
#include "http/types.hpp"
#include "util/json.hpp"

namespace audio_ident::http {
namespace {

constexpr auto kProbe = std::chrono::seconds(5);

Response readiness(const Library& library, const Request& request) {
    const auto deadline = Deadline::after(kProbe, request.deadline.stop_token());
    Readiness answer;
    if (!library.catalog.ping(deadline)) answer.stores.catalog = StoreState::unavailable;
    if (!library.fingerprints.snapshot(deadline)) answer.stores.fingerprint_index = StoreState::unavailable;
    if (library.vibe) {
        const bool answers = (*library.vibe)->vectors().stats(deadline).has_value();
        answer.stores.vector_index = answers ? StoreState::ok : StoreState::unavailable;
    }
    const bool ready = answer.stores.catalog == StoreState::ok && answer.stores.fingerprint_index == StoreState::ok;
    answer.status = ready ? StoreState::ok : StoreState::unavailable;
    return json_response(util::json_text_of(answer), ready ? 200 : 503).with("Cache-Control", "no-store");
}

/// How far the lanes are with the tracks.
Result<Response> counts(const Library& library, const Request& request) {
    const auto deadline = store_deadline(request);
    LibraryCounts answer;
    const auto tracks = library.catalog.count(catalog::TrackState::ready, deadline);
    if (!tracks) return forward(tracks);
    const auto unfinished = library.catalog.count(catalog::TrackState::pending, deadline);
    if (!unfinished) return forward(unfinished);
    const auto snapshot = library.fingerprints.snapshot(deadline);
    if (!snapshot) return forward(snapshot);
    answer.tracks = *tracks;
    answer.unfinished = *unfinished;
    answer.fingerprinted = static_cast<std::int64_t>((*snapshot)->stats().tracks);
    if (library.vibe) {
        const auto vectors = (*library.vibe)->vectors().stats(deadline);
        if (!vectors) return forward(vectors);
        answer.embedding_model = (*library.vibe)->embedder().model().name;
        answer.embedded = static_cast<std::int64_t>(vectors->tracks);
    }
    return json_response(util::json_text_of(answer)).with("Cache-Control", "no-store");
}

}  // namespace

std::vector<Route> health_routes(const Library& library, const About& about, const Metrics& metrics) {
    const auto health = util::json_text_of(Health{"ok", about.version});
    Version version{"audio-ident", about.version, std::string(kApiVersion), {}};
    for (const auto& [name, its_version] : about.components) version.components.push_back({name, its_version});
    return {
        {.method = "GET",
         .pattern = "/health",
         .work = Work::quick,
         .handle = [health](const Request&) { return json_response(health); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getHealth", "The process runs")
                     .template answers<Health>(200, "It runs");
             }},
        {.method = "GET",
         .pattern = "/health/ready",
         .handle = [&library](const Request& request) { return readiness(library, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getReadiness", "The stores answer")
                     .template answers<Readiness>(200, "Every store answers")
                     .template answers<Readiness>(503, "A store does not answer");
             }},
        {.method = "GET",
         .pattern = "/api/v1/library",
         .handle = [&library](const Request& request) { return counts(library, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getLibrary", "How many tracks there are, and how far each lane is with them")
                     .template answers<LibraryCounts>(200, "The counts");
             }},
        {.method = "GET",
         .pattern = "/api/v1/version",
         .work = Work::quick,
         .handle = [text = util::json_text_of(version)](const Request&) { return json_response(text); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getVersion", "Versions of the program, of this contract and of the libraries")
                     .template answers<Version>(200, "The versions");
             }},
        {.method = "GET",
         .pattern = "/metrics",
         .work = Work::quick,
         .handle =
             [&metrics](const Request&) {
                 Response response;
                 response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                 response.body = metrics.text();
                 return response;
             },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getMetrics", "Counts and durations, for Prometheus")
                     .answers(200, "The metrics", "text/plain", {{"type", "string"}});
             }},
    };
}

}  // namespace audio_ident::http
