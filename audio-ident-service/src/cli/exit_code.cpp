#include "cli/exit_code.hpp"

namespace audio_ident::cli {

ExitCode exit_code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid_input: return ExitCode::usage;
        case ErrorKind::not_available:
        case ErrorKind::timeout: return ExitCode::unavailable;
        case ErrorKind::unsupported:
        case ErrorKind::corrupt:
        case ErrorKind::internal: return ExitCode::fatal;
    }
    return ExitCode::fatal;
}

}  // namespace audio_ident::cli
