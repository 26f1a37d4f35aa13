#pragma once

namespace audio_ident::ffmpeg {

/// Sets up FFmpeg once per process: it logs nothing to stderr and may not allocate a single block larger than any valid
/// file needs, whatever a header claims. Every wrapper that reads foreign bytes calls this. Thread-safe.
void set_up_library();

}  // namespace audio_ident::ffmpeg
