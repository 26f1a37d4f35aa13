#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/ffmpeg/io.hpp"

namespace audio_ident::audio {

/// One text frame of an ID3v2 tag.
struct Id3Text {
    std::string id;  ///< as in ID3v2.3 and 2.4: "TIT2", "TPE1", …
    /// UTF-8, or the bytes as they are when is_8bit. ID3v2.4 allows several values; older versions have one.
    std::vector<std::string> values;
    bool is_8bit = false;  ///< the frame claims to be Latin-1, which is often another encoding
};

/// Reads the text frames of the ID3v2 tag (2.2, 2.3 or 2.4) at the start of a file. FFmpeg keeps only the first value
/// of a frame and does not tell its encoding. Returns no frames when there is no tag; skips frames that are compressed,
/// encrypted or damaged. Reads the text frames only, however large the pictures are.
std::vector<Id3Text> read_id3v2(ffmpeg::ByteSource& source);

}  // namespace audio_ident::audio
