#pragma once

#include <string_view>

#include "core/error.hpp"

namespace audio_ident {

/// The API contract's code of a failure, on the command line as over HTTP: its own, or what its kind comes to.
std::string_view code_of(const Error& error);

}  // namespace audio_ident
