#include "core/error.hpp"

namespace audio_ident {

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid_input: return "invalid_input";
        case ErrorKind::unsupported: return "unsupported";
        case ErrorKind::not_available: return "not_available";
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::corrupt: return "corrupt";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

}  // namespace audio_ident
