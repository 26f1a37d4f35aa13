#pragma once

#include <span>

#include "core/error.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// The one mapping of failures to HTTP: the contract's code (the error's own, else by its kind), its status, and the
/// envelope {"error":{"code","message","details"}}. A 503 and a 429 say Retry-After.
Response problem(const Error& error, const std::string& request_id);

/// Errors of HTTP itself, which no other part knows.
Error bad_request(std::string message);
Error not_found(std::string message);

struct ErrorCode {
    std::string_view code;
    unsigned status;
    std::string_view meaning;
};

/// All codes, for /openapi.json and the tests of the contract.
std::span<const ErrorCode> error_codes();

}  // namespace audio_ident::http
