#pragma once

#include <string>

#include "core/error.hpp"
#include "http/message.hpp"

namespace audio_ident::http {

/// A failure as an answer: the code and status of api/error_codes.hpp in the envelope
/// {"error":{"code","message","details"}}. A 503 says Retry-After.
Response problem(const Error& error, const std::string& request_id);

/// Errors of HTTP itself, which no other part knows.
Error bad_request(std::string message);
Error not_found(std::string message);

}  // namespace audio_ident::http
