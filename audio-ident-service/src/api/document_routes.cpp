#include <algorithm>

#include "api/constraints.hpp"
#include "api/error_codes.hpp"
#include "api/page_files.hpp"
#include "api/routes.hpp"
#include "http/openapi.hpp"
#include "util/json.hpp"

namespace audio_ident::api {
namespace {

http::Response page(std::string_view name, const char* media_type) {
    const auto files = page_files();
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& one) { return one.name == name; });
    http::Response response;
    response.with("Content-Type", media_type)
        .with("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    response.body = std::string(file->text);
    return response;
}

http::Route page_route(std::string pattern, std::string_view name, const char* media_type) {
    return {.method = "GET",
            .pattern = std::move(pattern),
            .work = http::Work::quick,
            .handle = [name, media_type](const http::Request&) { return page(name, media_type); }};
}

std::string openapi_text(std::span<const http::Route> routes) {
    http::ApiDescription api{.title = "audio-ident",
                             .version = std::string(kApiVersion),
                             .summary = "Finds music by sound in your own library",
                             .license = "Apache-2.0",
                             .errors = {},
                             .constraints = constraints()};
    for (const auto& row : error_codes()) api.errors.push_back({row.code, row.status});
    return util::json_text(http::openapi_document(routes, api));
}

}  // namespace

std::vector<http::Route> document_routes(std::span<const http::Route> routes) {
    return {
        {.method = "GET",
         .pattern = "/openapi.json",
         .work = http::Work::quick,
         .handle = [text = openapi_text(routes)](const http::Request&) { return http::json_response(text); }},
        page_route("/docs", "docs.html", "text/html; charset=utf-8"),
        page_route("/docs/docs.js", "docs.js", "text/javascript; charset=utf-8"),
        page_route("/docs/docs.css", "docs.css", "text/css; charset=utf-8"),
    };
}

}  // namespace audio_ident::api
