#pragma once

#include "audio/decoder.hpp"

struct AVFormatContext;
struct AVStream;

namespace audio_ident::audio {

/// Describes one stream of an opened container, without its tags.
StreamInfo describe_stream(const AVFormatContext& format, const AVStream& stream);

/// How long a header states that this stream lasts. Absent where the duration is an estimate, or that of a picture.
std::optional<double> stated_duration(const AVFormatContext& format, const AVStream& stream);

}  // namespace audio_ident::audio
