#pragma once

#include <memory>
#include <string>

#include "audio/decoder.hpp"
#include "lib/ffmpeg/io.hpp"

namespace audio_ident::audio {

/// An open Source with its name for messages.
struct Input {
    std::string name;  ///< the path as one line of UTF-8, or "the recording" for a buffer
    std::unique_ptr<ffmpeg::ByteSource> bytes;
    std::string tag_encoding = {};  ///< see TagSettings
};

/// Opens a non-empty regular file or a non-empty buffer. Fails with not_available (missing, not readable) or
/// invalid_input (empty, a folder, a pipe, a device).
Result<Input> open_input(const Source& source);

}  // namespace audio_ident::audio
