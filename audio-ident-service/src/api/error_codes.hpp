#pragma once

#include <span>
#include <string_view>

#include "core/error.hpp"
#include "http/error_mapping.hpp"

namespace audio_ident::api {

/// A row of the contract's table of errors (docs/api-contract.md).
struct ErrorCode {
    std::string_view code;
    unsigned status;  ///< the HTTP status
    std::string_view meaning;
};

/// The contract's code of a failure, chosen by its reason, or by its kind if it has no reason. This is the only such
/// mapping; the API and `--json` both use it. The result refers to a row of error_codes().
const ErrorCode& error_code_of(const Error& error);

/// The same for http::Service.
http::ErrorCode http_error_code(const Error& error);

/// All codes, for /openapi.json and the tests of the contract.
std::span<const ErrorCode> error_codes();

}  // namespace audio_ident::api
