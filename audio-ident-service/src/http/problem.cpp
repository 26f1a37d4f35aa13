#include "http/problem.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <iterator>

#include "core/error_code.hpp"
#include "util/json.hpp"
#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

constexpr ErrorCode kCodes[] = {
    {"VALIDATION_ERROR", 400, "A field, parameter or header is missing or wrong"},
    {"FILE_TOO_LARGE", 400, "The upload is larger than is taken"},
    {"UNSUPPORTED_FORMAT", 400, "The upload is no audio that can be decoded"},
    {"AUDIO_TOO_SHORT", 400, "The clip has too little audio to search"},
    {"AUDIO_TOO_LONG", 400, "The clip has more audio than is searched"},
    {"UNAUTHORIZED", 401, "The request changes the library and shows no valid key"},
    {"FORBIDDEN", 403, "The web site, host name or folder is not allowed"},
    {"NOT_FOUND", 404, "There is nothing here"},
    {"FILE_NOT_FOUND", 404, "The track's audio file is gone"},
    {"DIRECTORY_NOT_FOUND", 404, "There is no such folder on the server"},
    {"METHOD_NOT_ALLOWED", 405, "The resource has other methods; Allow names them"},
    {"REQUEST_TIMEOUT", 408, "The request did not arrive in time"},
    {"RANGE_NOT_SATISFIABLE", 416, "The range begins after the end of the file"},
    {"RATE_LIMITED", 429, "Too many requests; Retry-After says when to come again"},
    {"HEADERS_TOO_LARGE", 431, "The request's header is too long"},
    {"INTERNAL_ERROR", 500, "A bug or a damaged store; the log says more"},
    {"SERVICE_UNAVAILABLE", 503,
     "A store or lane is not available, or all workers are busy; Retry-After says when to come again"},
    {"SEARCH_TIMEOUT", 504, "The search took too long"},
};

}  // namespace

std::span<const ErrorCode> error_codes() {
    return kCodes;
}

Response problem(const Error& error, const std::string& request_id) {
    const auto code = code_of(error);
    const auto* known =
        std::find_if(std::begin(kCodes), std::end(kCodes), [&](const auto& row) { return row.code == code; });
    const unsigned status = known == std::end(kCodes) ? 500 : known->status;
    boost::json::object envelope = {
        {"error",
         {{"code", code}, {"message", util::sanitise_utf8(error.message)}, {"details", {{"request_id", request_id}}}}}};
    Response response = json_response(util::json_text(envelope), status);
    response.error_code = known == std::end(kCodes) ? "INTERNAL_ERROR" : known->code;
    if (status == 503) response.with("Retry-After", "2");
    if (status == 401) response.with("WWW-Authenticate", "Bearer");
    return response;
}

Error bad_request(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), "VALIDATION_ERROR"};
}

Error not_found(std::string message) {
    return {ErrorKind::invalid_input, std::move(message), "NOT_FOUND"};
}

}  // namespace audio_ident::http
