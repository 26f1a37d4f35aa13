#pragma once

#include <vector>

#include "audio/decoder.hpp"

namespace audio_ident::test {

/// The complete result of one decode, for tests that link audio-ident-audio.
struct Decoded {
    audio::DecodeSummary summary;
    std::vector<float> samples;
};

inline Result<Decoded> decode(const audio::Source& source, const audio::DecodeOptions& options = {}) {
    Decoded decoded;
    const auto decoder = audio::make_ffmpeg_decoder();
    auto summary = decoder->decode(source, options, [&](std::span<const float> block) {
        decoded.samples.insert(decoded.samples.end(), block.begin(), block.end());
        return audio::Flow::proceed;
    });
    if (!summary) return forward(summary);
    decoded.summary = std::move(*summary);
    return decoded;
}

}  // namespace audio_ident::test
