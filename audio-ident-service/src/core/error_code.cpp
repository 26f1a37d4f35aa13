#include "core/error_code.hpp"

namespace audio_ident {

std::string_view code_of(const Error& error) {
    if (!error.code.empty()) return error.code;
    switch (error.kind) {
        case ErrorKind::not_available: return "SERVICE_UNAVAILABLE";
        case ErrorKind::timeout: return "SEARCH_TIMEOUT";
        case ErrorKind::unsupported: return "UNSUPPORTED_FORMAT";
        case ErrorKind::invalid_input: return "VALIDATION_ERROR";
        case ErrorKind::corrupt:
        case ErrorKind::internal: break;
    }
    return "INTERNAL_ERROR";
}

}  // namespace audio_ident
