#pragma once

#include <string>
#include <vector>

#include "audio/decoder.hpp"
#include "lib/ffmpeg/io.hpp"

struct AVFormatContext;
struct AVStream;

namespace audio_ident::audio {

/// Reads title, artist and album of an opened file. Tags of the container take precedence over tags of the stream, and
/// an artist over an album artist. Several artists are joined by join_artists(); sort names are ignored. `fallback` is
/// the encoding of 8-bit texts whose encoding cannot be told (see TagDecoder).
Tags read_tags(ffmpeg::ByteSource& source, const AVFormatContext& format, const AVStream& stream,
               const std::string& fallback);

/// Joins artists as people write them: "A", "A & B", "A, B & C". Skips repetitions.
std::string join_artists(const std::vector<std::string>& artists);

}  // namespace audio_ident::audio
