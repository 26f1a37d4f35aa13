#pragma once

#include "audio/decoder.hpp"
#include "audio/input.hpp"

namespace audio_ident::audio {

/// Decoder::decode() and probe() over FFmpeg, in this process, of what is open already.
Result<DecodeSummary> decode_input(Input input, const DecodeOptions& options, const PcmSink& sink);
Result<StreamInfo> probe_input(Input input, const Deadline& deadline);

}  // namespace audio_ident::audio
