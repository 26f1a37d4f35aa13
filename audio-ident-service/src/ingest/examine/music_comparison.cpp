#include "ingest/examine/music_comparison.hpp"

#include "audio/chromaprint.hpp"

namespace audio_ident::ingest {

MusicComparison music_comparison() {
    return {.words =
                [](const std::string& text) {
                    return audio::decode_chromaprint(text).value_or(std::vector<std::uint32_t>());
                },
            .similarity = [](std::span<const std::uint32_t> a,
                             std::span<const std::uint32_t> b) { return audio::chromaprint_similarity(a, b); },
            .lay_over = &lay_over};
}

}  // namespace audio_ident::ingest
