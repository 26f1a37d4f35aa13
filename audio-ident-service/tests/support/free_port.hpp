#pragma once

namespace audio_ident::test {

/// A port of 127.0.0.1 that was free a moment ago. Nothing can reserve it. Throws std::runtime_error.
int free_port();

}  // namespace audio_ident::test
