#pragma once

#include "lib/ffmpeg/io.hpp"

// What the first bytes of a file tell people, where FFmpeg only tells that it cannot read it.

namespace audio_ident::audio {

/// Notes for a synthesiser, without sound.
bool is_midi(ffmpeg::ByteSource& bytes);

bool starts_as_text(ffmpeg::ByteSource& bytes);

/// A later piece of a WebM, MP4 or Ogg recording, as browsers deliver them while they record: the first piece, which
/// says how to decode the others, is missing.
bool misses_beginning(ffmpeg::ByteSource& bytes);

}  // namespace audio_ident::audio
