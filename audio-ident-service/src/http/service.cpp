#include "http/service.hpp"

#include <exception>
#include <iterator>
#include <spdlog/spdlog.h>

#include "http/problem.hpp"
#include "util/log_scope.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {

Service::Service(AccessRules access, unsigned requests_a_minute, Metrics& metrics)
    : access_(std::move(access)), limiter_(requests_a_minute), metrics_(metrics) {}

void Service::add(std::vector<Route> routes) {
    routes_.insert(routes_.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
}

std::variant<const Route*, Response> Service::admit(Request& request) {
    auto match = find_route(routes_, request.method, request.path);
    const Access access = match.route ? match.route->access : Access::read;
    if (request.method == "OPTIONS" && !match.allowed.empty()) {
        // A preflight shows no key; the request that follows does.
        if (auto allowed = check_access(access_, request, Access::read); !allowed)
            return problem(allowed.error(), request.id);
        return preflight(request, match.allowed);
    }
    if (auto allowed = check_access(access_, request, access); !allowed) return problem(allowed.error(), request.id);
    // Files of the pages, which the API does not describe, are free: one view needs thirty of them.
    const bool counts = !match.route || match.route->describe;
    if (const auto wait = counts ? limiter_.check(request.client) : std::chrono::seconds(0); wait.count() > 0) {
        auto response =
            problem({ErrorKind::not_available, "too many requests; try again later", Reason::rate_limited}, request.id);
        response.with("Retry-After", std::to_string(wait.count()));
        return response;
    }
    if (match.allowed.empty()) return problem(not_found("there is nothing at " + request.path), request.id);
    if (!match.route) {
        auto response =
            problem({ErrorKind::invalid_input, request.path + " takes " + match.allowed, Reason::method_not_allowed},
                    request.id);
        response.with("Allow", match.allowed);
        return response;
    }
    request.path_parameters = std::move(match.parameters);
    return match.route;
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
        return problem(response.error(), request.id);
    } catch (const std::exception& error) {
        spdlog::error("{} {} broke off: {}", request.method, route.pattern, error.what());
        return problem({ErrorKind::internal, "the request broke off; the log says more", {}}, request.id);
    }
}

void Service::complete(Response& response, const Request& request) const {
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
    spdlog::info("{} {} given up after {:.1f} ms: {} hung up", request.method, util::sanitise_utf8(request.path),
                 seconds * 1e3, request.client);
}

}  // namespace audio_ident::http
