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

/// A failure: its kind for programs, one sentence for people ("thing: cause; way out").
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;
    /// The API contract's code when it is more exact than the kind ("AUDIO_TOO_SHORT"); a string literal, or empty.
    std::string_view code = {};

    bool operator==(const Error&) const = default;
};

}  // namespace audio_ident
