#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace audio_ident {

/// What went wrong, as far as a caller needs to tell cases apart. Absence is never an error: it is std::optional.
enum class ErrorKind {
    invalid_input,  ///< the caller's data or arguments are wrong: trying again cannot help
    unsupported,    ///< a format, version or feature this build does not handle
    not_available,  ///< a store, file or device cannot be reached or is locked; trying later may help
    timeout,        ///< the Deadline passed, or the work was cancelled
    corrupt,        ///< stored data contradicts itself
    internal,       ///< a bug or an exhausted resource
};

std::string_view to_string(ErrorKind kind);

/// The reason of a failure, when a caller must tell it from others of the same kind. Code compares reasons, never
/// texts. api/error_codes.hpp gives each its name and status in the API.
enum class Reason {
    unspecified,  ///< the kind says enough

    // The audio that was given.
    audio_too_short,
    audio_too_long,
    unsupported_format,
    file_not_found,  ///< the audio file of a clip or track is gone or cannot be read

    // A search.
    lane_unavailable,   ///< the lane has no model, no vectors or no store
    store_unavailable,  ///< a store failed, whatever the kind, so that there is no answer now
    search_timeout,     ///< no lane finished in time

    // A request.
    not_found,
    directory_not_found,
    not_finished,  ///< the work whose result was requested has not ended
    unauthorized,
    forbidden,
    method_not_allowed,
    upload_too_large,
    headers_too_large,
    range_not_satisfiable,
    request_timeout,  ///< the request did not arrive in time
    rate_limited,
};

/// A failure: its kind and reason for programs, one sentence for people ("thing: cause; way out").
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;
    Reason reason = {};

    bool operator==(const Error&) const = default;
};

}  // namespace audio_ident
