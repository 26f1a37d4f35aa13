#include "api/error_codes.hpp"

namespace audio_ident::api {
namespace {

/// The index of each row of kCodes.
enum Row : std::size_t {
    validation_error,
    file_too_large,
    unsupported_format,
    audio_too_short,
    audio_too_long,
    unauthorized,
    forbidden,
    not_found,
    file_not_found,
    directory_not_found,
    method_not_allowed,
    request_timeout,
    not_finished,
    range_not_satisfiable,
    rate_limited,
    headers_too_large,
    internal_error,
    service_unavailable,
    search_timeout,
    number_of_rows
};

constexpr ErrorCode kCodes[] = {
    {"VALIDATION_ERROR", 400, "A field, parameter or header is missing or wrong"},
    {"FILE_TOO_LARGE", 400, "The upload is too large"},
    {"UNSUPPORTED_FORMAT", 400, "The upload is not audio, or cannot be decoded"},
    {"AUDIO_TOO_SHORT", 400, "The clip is too short to search"},
    {"AUDIO_TOO_LONG", 400, "The clip is too long to search"},
    {"UNAUTHORIZED", 401, "The request changes the library but has no valid key"},
    {"FORBIDDEN", 403, "The web site, host name or folder is not allowed"},
    {"NOT_FOUND", 404, "There is nothing with this address or id"},
    {"FILE_NOT_FOUND", 404, "The audio file is gone, or there is no such file on the server"},
    {"DIRECTORY_NOT_FOUND", 404, "There is no such folder on the server"},
    {"METHOD_NOT_ALLOWED", 405, "The resource does not have this method; Allow names those that it has"},
    {"REQUEST_TIMEOUT", 408, "The request did not arrive in time"},
    {"NOT_FINISHED", 409, "The work whose result was requested has not ended"},
    {"RANGE_NOT_SATISFIABLE", 416, "The range begins after the end of the file"},
    {"RATE_LIMITED", 429, "Too many requests; Retry-After says when to try again"},
    {"HEADERS_TOO_LARGE", 431, "The request's header is too long"},
    {"INTERNAL_ERROR", 500, "A bug or a damaged store; the log says more"},
    {"SERVICE_UNAVAILABLE", 503,
     "A store or lane is not available, or all workers are busy; Retry-After says when to try again"},
    {"SEARCH_TIMEOUT", 504, "The search took too long"},
};
static_assert(std::size(kCodes) == number_of_rows);

Row row_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid_input: return validation_error;
        case ErrorKind::unsupported: return unsupported_format;
        // A store that did not answer in time counts as unavailable. Only the deadline of a search has its own code.
        case ErrorKind::not_available:
        case ErrorKind::timeout: return service_unavailable;
        case ErrorKind::corrupt:
        case ErrorKind::internal: break;
    }
    return internal_error;
}

Row row_of(const Error& error) {
    switch (error.reason) {
        case Reason::unspecified: break;
        case Reason::audio_too_short: return audio_too_short;
        case Reason::audio_too_long: return audio_too_long;
        case Reason::unsupported_format: return unsupported_format;
        case Reason::file_not_found: return file_not_found;
        case Reason::lane_unavailable:
        case Reason::store_unavailable: return service_unavailable;
        case Reason::search_timeout: return search_timeout;
        case Reason::not_found: return not_found;
        case Reason::directory_not_found: return directory_not_found;
        case Reason::not_finished: return not_finished;
        case Reason::unauthorized: return unauthorized;
        case Reason::forbidden: return forbidden;
        case Reason::method_not_allowed: return method_not_allowed;
        case Reason::upload_too_large: return file_too_large;
        case Reason::headers_too_large: return headers_too_large;
        case Reason::range_not_satisfiable: return range_not_satisfiable;
        case Reason::request_timeout: return request_timeout;
        case Reason::rate_limited: return rate_limited;
    }
    return row_of(error.kind);
}

}  // namespace

const ErrorCode& error_code_of(const Error& error) {
    return kCodes[row_of(error)];
}

http::ErrorCode http_error_code(const Error& error) {
    const auto& row = error_code_of(error);
    return {row.code, row.status};
}

std::span<const ErrorCode> error_codes() {
    return kCodes;
}

}  // namespace audio_ident::api
