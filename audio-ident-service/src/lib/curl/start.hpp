#pragma once

namespace audio_ident::curl {

/// Makes libcurl ready, once a process. Throws std::bad_alloc when it cannot be.
void start();

}  // namespace audio_ident::curl
