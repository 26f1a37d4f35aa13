#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/ffmpeg/io.hpp"

namespace audio_ident::audio {

/// The samples of an uncompressed file.
struct DataChunk {
    std::int64_t stated_bytes = 0;   ///< by the header
    std::int64_t present_bytes = 0;  ///< up to the end of the file
};

/// Finds the samples of a WAV, Wave64 or CAF file, whose demuxers do not tell that the file is shorter than its header
/// states. `format`: the demuxer's name. Absent for other formats, and where the header states no size.
std::optional<DataChunk> find_data_chunk(ffmpeg::ByteSource& bytes, std::string_view format);

}  // namespace audio_ident::audio
