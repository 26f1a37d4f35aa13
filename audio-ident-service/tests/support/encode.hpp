#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/clip.hpp"
#include "support/files.hpp"

namespace audio_ident::test {

/// The bytes of a 16-bit WAV file. Samples are rounded to the nearest step and clipped.
Bytes wav_bytes(const Clip& clip);
void write_wav(const std::filesystem::path& path, const Clip& clip);

/// Encodes with the ffmpeg command. `options` go before the output name, for example {"-c:a", "libmp3lame", "-b:a",
/// "64k"} or {"-metadata", "title=Blue"}. The file extension selects the container. The same clip and options give the
/// same bytes. Throws std::runtime_error with ffmpeg's error output.
void encode(const Clip& clip, const std::filesystem::path& output, const std::vector<std::string>& options = {});

/// Runs the ffmpeg command with these arguments, for files that encode() cannot make (video, remuxed or chained files).
void run_ffmpeg(const std::vector<std::string>& arguments);

}  // namespace audio_ident::test
