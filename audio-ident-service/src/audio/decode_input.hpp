#pragma once

#include "audio/decoder.hpp"
#include "audio/input.hpp"

namespace audio_ident::audio {

/// Decoder::decode() and Decoder::probe() with FFmpeg in this process, for an input that is already open.
Result<DecodeSummary> decode_input(Input input, const DecodeOptions& options, const PcmSink& sink);
Result<StreamInfo> probe_input(Input input, const Deadline& deadline);

}  // namespace audio_ident::audio
