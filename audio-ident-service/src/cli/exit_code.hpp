#pragma once

#include "core/error.hpp"

namespace audio_ident::cli {

/// What the process returns; docs/architecture.md lists them for users. Signals add 130 (SIGINT) and 143 (SIGTERM).
enum class ExitCode {
    fine = 0,
    fatal = 1,
    usage = 2,
    some_failed = 3,   ///< finished, but some files could not be handled; each was named
    unavailable = 75,  ///< a store cannot be reached, written or locked; trying later may help
};

ExitCode exit_code_of(ErrorKind kind);

}  // namespace audio_ident::cli
