#pragma once

#include "audio/decoder.hpp"

struct AVFormatContext;
struct AVStream;

namespace audio_ident::audio {

/// What an opened container says about one of its streams.
StreamInfo describe_stream(const AVFormatContext& format, const AVStream& stream);

}  // namespace audio_ident::audio
