#include "http/route.hpp"

namespace audio_ident::http {
namespace {

std::string_view next_piece(std::string_view& path) {
    path.remove_prefix(1);  // the slash
    const auto piece = path.substr(0, path.find('/'));
    path.remove_prefix(piece.size());
    return piece;
}

std::optional<Fields> match(std::string_view pattern, std::string_view path) {
    Fields parameters;
    while (!pattern.empty() && !path.empty()) {
        const auto expected = next_piece(pattern);
        const auto piece = next_piece(path);
        if (expected.starts_with('{')) parameters.emplace_back(expected.substr(1, expected.size() - 2), piece);
        else if (expected != piece) return std::nullopt;
    }
    return pattern.empty() && path.empty() ? std::optional(parameters) : std::nullopt;
}

}  // namespace

RouteMatch find_route(std::span<const Route> routes, std::string_view method, std::string_view path) {
    RouteMatch result;
    if (!path.starts_with('/')) return result;
    const auto allow = [&](std::string_view name) {
        result.allowed += fmt::format("{}{}", result.allowed.empty() ? "" : ", ", name);
    };
    for (const Route& route : routes) {
        auto parameters = match(route.pattern, path);
        if (!parameters) continue;
        allow(route.method);
        if (route.method == "GET") allow("HEAD");
        if (route.method != method && !(route.method == "GET" && method == "HEAD")) continue;
        result.route = &route;
        result.parameters = std::move(*parameters);
    }
    if (!result.allowed.empty()) allow("OPTIONS");
    return result;
}

}  // namespace audio_ident::http
