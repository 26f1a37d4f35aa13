#include "api/request_parts.hpp"
#include "api/routes.hpp"
#include "api/service_types.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

using http::Request;
using http::Response;
using http::Route;

constexpr auto kReadinessTimeout = std::chrono::seconds(5);

wire::StoreState state_of(bool answers) {
    return answers ? wire::StoreState::ok : wire::StoreState::unavailable;
}

Response readiness(library::Library& library, bool is_leaving, const Request& request) {
    const auto stores = library.readiness(Deadline::after(kReadinessTimeout, request.deadline.stop_token()));
    const bool ready = stores.catalog && stores.fingerprint_index && !is_leaving;
    wire::Readiness answer{state_of(ready), {state_of(stores.catalog), state_of(stores.fingerprint_index), {}, {}}};
    if (stores.vector_index) answer.stores.vector_index = state_of(*stores.vector_index);
    if (stores.audio) answer.stores.audio = state_of(*stores.audio);
    return http::json_response(util::json_text_of(answer), ready ? 200 : 503).with("Cache-Control", "no-store");
}

/// How many of the tracks each lane has.
Result<Response> counts(library::Library& library, const Request& request) {
    const auto counts = library.counts(store_deadline(request));
    if (!counts) return forward(counts);
    const wire::LibraryCounts answer{counts->tracks, counts->unfinished, counts->fingerprinted, counts->embedding_model,
                                     counts->embedded};
    return http::json_response(util::json_text_of(answer)).with("Cache-Control", "no-store");
}

Route text_route(const char* pattern, std::string text, std::function<void(http::Operation&)> describe) {
    return {.method = "GET",
            .pattern = pattern,
            .work = http::Work::quick,
            .handle = [text = std::move(text)](const Request&) { return http::json_response(text); },
            .describe = std::move(describe)};
}

Route health_route(const About& about) {
    return text_route("/health", util::json_text_of(wire::Health{"ok", about.version}), [](http::Operation& operation) {
        operation.summary("getHealth", "Check that the process is running").answers<wire::Health>(200, "It is running");
    });
}

Route version_route(const About& about) {
    wire::Version version{"audio-ident", about.version, std::string(kApiVersion), {}};
    for (const auto& [name, component_version] : about.components)
        version.components.push_back({name, component_version});
    return text_route("/api/v1/version", util::json_text_of(version), [](http::Operation& operation) {
        operation.summary("getVersion", "Get the versions of the program, the API and the linked libraries")
            .answers<wire::Version>(200, "The versions");
    });
}

Route readiness_route(library::Library& library, const std::function<bool()>& is_leaving) {
    return {
        .method = "GET",
        .pattern = "/health/ready",
        .handle = [&library, is_leaving](const Request& request) { return readiness(library, is_leaving(), request); },
        .describe =
            [](http::Operation& operation) {
                operation.summary("getReadiness", "Check that the stores answer")
                    .answers<wire::Readiness>(200, "Every store answers")
                    .answers<wire::Readiness>(503, "A store does not answer, or the service is about to end");
            }};
}

Route counts_route(library::Library& library) {
    return {.method = "GET",
            .pattern = "/api/v1/library",
            .handle = [&library](const Request& request) { return counts(library, request); },
            .describe =
                [](http::Operation& operation) {
                    operation.summary("getLibrary", "Count the tracks, and those that each lane can find")
                        .answers<wire::LibraryCounts>(200, "The counts");
                }};
}

Route metrics_route(const http::Metrics& metrics) {
    const auto handle = [&metrics](const Request&) {
        Response response;
        response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = metrics.text();
        return response;
    };
    return {.method = "GET",
            .pattern = "/metrics",
            .work = http::Work::quick,
            .handle = handle,
            .describe = [](http::Operation& operation) {
                operation.summary("getMetrics", "Get counters and durations in the format of Prometheus")
                    .answers(200, "The metrics", "text/plain", {{"type", "string"}});
            }};
}

}  // namespace

std::vector<Route> health_routes(library::Library& library, const About& about, const http::Metrics& metrics,
                                 const std::function<bool()>& is_leaving) {
    return {health_route(about), readiness_route(library, is_leaving), counts_route(library), version_route(about),
            metrics_route(metrics)};
}

}  // namespace audio_ident::api
