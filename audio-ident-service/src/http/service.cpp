#include "http/service.hpp"

#include <exception>
#include <iterator>
#include <spdlog/spdlog.h>

#include "util/log_scope.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {

Service::Service(AccessRules access, unsigned requests_a_minute, ErrorMapping errors, Metrics& metrics)
    : access_(std::move(access)), limiter_(requests_a_minute), errors_(std::move(errors)), metrics_(metrics) {}

void Service::add(std::vector<Route> routes) {
    routes_.insert(routes_.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
}

std::variant<const Route*, Response> Service::admit(Request& request) {
    auto match = find_route(routes_, request.method, request.path);
    const bool is_preflight = request.method == "OPTIONS" && !match.allowed.empty();
    // A preflight carries no key; the request that follows does.
    const Access access = match.route && !is_preflight ? match.route->access : Access::read;
    if (auto allowed = check_access(access_, request, access); !allowed) return error_response(allowed.error());
    if (is_preflight) return preflight(request, match.allowed);
    if (const auto wait = wait_of(request, match.route); wait.count() > 0) {
        return error_response({ErrorKind::not_available, "too many requests; try again later", Reason::rate_limited})
            .with("Retry-After", std::to_string(wait.count()));
    }
    if (match.allowed.empty()) return error_response(not_found("there is nothing at " + request.path));
    if (!match.route) {
        return error_response(
                   {ErrorKind::invalid_input, request.path + " takes " + match.allowed, Reason::method_not_allowed})
            .with("Allow", match.allowed);
    }
    request.path_parameters = std::move(match.parameters);
    return match.route;
}

std::chrono::seconds Service::wait_of(const Request& request, const Route* route) {
    // Files of the web page, which the API does not describe, are free: one view needs thirty of them.
    const bool counts = !route || route->describe;
    return counts ? limiter_.check(request.client) : std::chrono::seconds(0);
}

Response Service::preflight(const Request& request, const std::string& allowed) const {
    Response response;
    response.status = 204;
    response.with("Allow", allowed);
    if (!allowed_origin(access_, request).empty()) {
        response.with("Access-Control-Allow-Methods", allowed)
            .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Range")
            .with("Access-Control-Max-Age", "600");
    }
    return response;
}

Response Service::handle(const Route& route, const Request& request) const {
    const util::LogScope scope(request.id);
    try {
        auto response = route.handle(request);
        if (response) return std::move(*response);
        if (response.error().kind == ErrorKind::internal || response.error().kind == ErrorKind::corrupt) {
            spdlog::error("{}", util::sanitise_utf8(response.error().message));
        }
        return error_response(response.error());
    } catch (const std::exception& error) {
        spdlog::error("{} {} failed: {}", request.method, route.pattern, error.what());
        return error_response({ErrorKind::internal, "the request failed unexpectedly; see the log", {}});
    }
}

std::variant<std::unique_ptr<Talk>, Response> Service::begin_talk(const Route& route, const Request& request) const {
    std::unique_ptr<Talk> talk;
    Route begun = {.method = route.method, .pattern = route.pattern};
    begun.handle = [&](const Request& asked) -> Result<Response> {
        auto made = route.talk(asked);
        if (!made) return forward(made);
        talk = std::move(*made);
        return Response();
    };
    auto response = handle(begun, request);
    if (talk) return talk;
    return response;
}

void Service::complete(Response& response, const Request& request) const {
    write_error(response, errors_, request.id);
    response.with("X-Request-ID", request.id).with("X-Content-Type-Options", "nosniff");
    if (const auto origin = allowed_origin(access_, request); !origin.empty()) {
        response.with("Access-Control-Allow-Origin", origin)
            .with("Access-Control-Expose-Headers", "X-Request-ID, Retry-After, Content-Range, ETag");
    }
    response.with("Vary", "Origin");
}

void Service::record(const Route* route, const Request& request, const Response& response, double seconds) {
    const std::string_view pattern = route ? std::string_view(route->pattern) : "none";
    metrics_.count_request(route ? std::string_view(request.method) : "other", pattern, response.status, seconds);
    if (!response.error_code.empty()) metrics_.count_error(response.error_code);
    const util::LogScope scope(request.id);
    spdlog::info("{} {} {}{}{} in {:.1f} ms for {}", request.method, util::sanitise_utf8(request.path), response.status,
                 response.error_code.empty() ? "" : " ", response.error_code, seconds * 1e3, request.client);
}

void Service::record_hang_up(const Request& request, double seconds) {
    metrics_.count_hang_up();
    const util::LogScope scope(request.id);
    spdlog::info("{} {} abandoned after {:.1f} ms: {} hung up", request.method, util::sanitise_utf8(request.path),
                 seconds * 1e3, request.client);
}

}  // namespace audio_ident::http
