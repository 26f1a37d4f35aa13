#pragma once

namespace audio_ident::ffmpeg {

/// Once for the process: nothing that FFmpeg logs reaches stderr, and no single block it allocates is larger than any
/// honest file needs, whatever a header claims. Every wrapper that meets foreign bytes calls it. Thread-safe.
void set_up_library();

}  // namespace audio_ident::ffmpeg
