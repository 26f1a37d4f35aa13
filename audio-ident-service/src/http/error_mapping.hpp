#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// How the response reports a failure.
struct ErrorCode {
    std::string_view code;  ///< for programs: "NOT_FOUND"; a string literal
    unsigned status = 500;
};

/// Decides how each failure is reported. The API owns this decision (api/error_codes.hpp) and gives it to the Service.
using ErrorMapping = std::function<ErrorCode(const Error&)>;

/// Gives a response that reports a failure its status and its body, {"error":{"code","message","details"}}. A 503 says
/// Retry-After, a 401 says WWW-Authenticate, unless the response says so already. Leaves other responses alone.
void write_error(Response& response, const ErrorMapping& mapping, const std::string& request_id);

/// The request is malformed.
Error bad_request(std::string message);
/// Nothing has this name.
Error not_found(std::string message);

}  // namespace audio_ident::http
