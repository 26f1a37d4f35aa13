#include <algorithm>

#include "http/embedded.hpp"
#include "http/openapi.hpp"
#include "http/routes.hpp"
#include "util/json.hpp"

namespace audio_ident::http {
namespace {

Response page(std::string_view name, const char* media_type) {
    const auto files = page_files();
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& one) { return one.name == name; });
    Response response;
    response.with("Content-Type", media_type)
        .with("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    response.body = std::string(file->text);
    return response;
}

Route page_route(std::string pattern, std::string_view name, const char* media_type) {
    return {.method = "GET",
            .pattern = std::move(pattern),
            .work = Work::quick,
            .handle = [name, media_type](const Request&) { return page(name, media_type); }};
}

}  // namespace

std::vector<Route> document_routes(std::span<const Route> routes) {
    return {{.method = "GET",
             .pattern = "/openapi.json",
             .work = Work::quick,
             .handle = [text = util::json_text(openapi_document(routes, kApiVersion))](
                           const Request&) { return json_response(text); }},
            page_route("/docs", "docs.html", "text/html; charset=utf-8"),
            page_route("/docs/docs.js", "docs.js", "text/javascript; charset=utf-8"),
            page_route("/docs/docs.css", "docs.css", "text/css; charset=utf-8")};
}

}  // namespace audio_ident::http
