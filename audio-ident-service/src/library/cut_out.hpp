#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "audio/decoder.hpp"
#include "core/deadline.hpp"
#include "core/result.hpp"

namespace audio_ident::library {

/// A stretch of a recording that a person has named.
struct Stretch {
    double begin_seconds = 0;
    double end_seconds = 0;
    std::string title;  ///< never empty
    std::optional<std::string> artist = {};
    std::optional<std::string> album = {};
};

/// Decodes the stretch and writes it as a FLAC file with these tags: mono or stereo as the recording, at its rate
/// (96 kHz at most), 16 bits. The recording is decoded from its beginning to the end of the stretch; memory does not
/// grow with either. The stretch ends where the recording ends. Fails with invalid_input when the recording has nothing
/// there, with not_available when the file cannot be written, and like Decoder::decode(); no file is left then.
Result<void> cut_out(const audio::Decoder& decoder, const audio::Source& recording, const Stretch& stretch,
                     const std::filesystem::path& file, const Deadline& deadline);

/// "Artist - Title.flac": one piece of a path, 200 bytes at most.
std::string file_name_of(const Stretch& stretch);

}  // namespace audio_ident::library
