#pragma once

#include "audio/decoder.hpp"

struct AVFormatContext;
struct AVStream;

namespace audio_ident::audio {

/// Describes one stream of an opened container, without its tags.
StreamInfo describe_stream(const AVFormatContext& format, const AVStream& stream);

}  // namespace audio_ident::audio
