#pragma once

#include <string>

namespace audio_ident::util {

/// The name of this machine; empty when it cannot be read.
std::string host_name();

}  // namespace audio_ident::util
