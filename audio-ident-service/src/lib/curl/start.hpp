#pragma once

namespace audio_ident::curl {

/// Initialises libcurl once per process. Throws std::bad_alloc on failure.
void start();

}  // namespace audio_ident::curl
