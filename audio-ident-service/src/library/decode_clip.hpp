#pragma once

#include "audio/decoder.hpp"
#include "library/identification.hpp"

namespace audio_ident::library {

/// Decodes the clip of a request into the sink. Fails with audio_too_short and audio_too_long as the request says,
/// unsupported_format, file_not_found, search_timeout.
Result<void> decode_clip(const audio::Decoder& decoder, const audio::Source& clip, audio::DecodeOptions decode,
                         const IdentifyRequest& request, const audio::PcmSink& sink);

}  // namespace audio_ident::library
