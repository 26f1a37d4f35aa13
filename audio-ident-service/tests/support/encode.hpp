#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/clip.hpp"
#include "support/files.hpp"

namespace audio_ident::test {

/// A 16-bit WAV file; samples are rounded to the nearest step and clipped.
Bytes wav_bytes(const Clip& clip);
void write_wav(const std::filesystem::path& path, const Clip& clip);

/// Encodes with the ffmpeg command; `options` stand before the output, e.g. {"-c:a", "libmp3lame", "-b:a", "64k"} or
/// {"-metadata", "title=Blue"}; the container follows the name's extension. The same clip and options give the same
/// bytes. Throws std::runtime_error with what ffmpeg said.
void encode(const Clip& clip, const std::filesystem::path& output, const std::vector<std::string>& options = {});

/// Runs the ffmpeg command with these arguments: for files that encode() cannot make (video, remuxing, chains).
void run_ffmpeg(const std::vector<std::string>& arguments);

}  // namespace audio_ident::test
