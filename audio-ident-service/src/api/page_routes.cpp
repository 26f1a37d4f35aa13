#include <algorithm>

#include "api/page_files.hpp"
#include "api/routes.hpp"
#include "api/ui_files.hpp"

namespace audio_ident::api {
namespace {

/// Whether a header like "br, gzip;q=0.5" accepts gzip. "q=0" refuses it.
bool accepts_gzip(std::string_view header) {
    const auto at = header.find("gzip");
    if (at == std::string_view::npos) return false;
    const auto item = header.substr(at, header.find(',', at) - at);
    const auto weight = item.find("q=");
    return weight == std::string_view::npos || item.find_first_of("123456789", weight) != std::string_view::npos;
}

http::Response ui_response(const UiFile& file, const http::Request& request) {
    http::Response response;
    // Names below /_app/immutable/ contain a hash of the content.
    response.with("ETag", std::string(file.etag))
        .with("Cache-Control",
              file.path.starts_with("/_app/immutable/") ? "public, max-age=31536000, immutable" : "no-cache")
        .with("Vary", "Accept-Encoding");
    if (!file.policy.empty()) {
        response.with("Content-Security-Policy", std::string(file.policy)).with("Referrer-Policy", "no-referrer");
    }
    if (request.header("if-none-match").find(file.etag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    response.with("Content-Type", std::string(file.media_type));
    const bool compressed = !file.gzip.empty() && accepts_gzip(request.header("accept-encoding"));
    if (compressed) response.with("Content-Encoding", "gzip");
    response.body = std::string(compressed ? file.gzip : file.text);
    return response;
}

http::Route no_page_route() {
    return {.method = "GET", .pattern = "/", .work = http::Work::quick, .handle = [](const http::Request&) {
                const auto files = page_files();
                const auto page = std::find_if(files.begin(), files.end(),
                                               [](const auto& file) { return file.name == "no_ui.html"; });
                http::Response response;
                response.with("Content-Type", "text/html; charset=utf-8")
                    .with("Content-Security-Policy", "default-src 'none'");
                response.body = std::string(page->text);
                return response;
            }};
}

}  // namespace

std::vector<http::Route> page_routes() {
    std::vector<http::Route> routes;
    for (const UiFile& file : ui_files()) {
        routes.push_back({.method = "GET",
                          .pattern = std::string(file.path),
                          .work = http::Work::quick,
                          .handle = [&file](const http::Request& request) { return ui_response(file, request); }});
    }
    if (routes.empty()) routes.push_back(no_page_route());
    return routes;
}

}  // namespace audio_ident::api
