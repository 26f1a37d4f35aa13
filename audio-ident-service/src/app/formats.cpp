#include "app/formats.hpp"

#include <iterator>

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace audio_ident::app {

std::vector<std::pair<std::string, bool>> audio_formats() {
    static constexpr std::pair<const char*, AVCodecID> kCodecs[] = {
        {"MP3", AV_CODEC_ID_MP3},        {"FLAC", AV_CODEC_ID_FLAC},     {"WAV", AV_CODEC_ID_PCM_S16LE},
        {"AIFF", AV_CODEC_ID_PCM_S16BE}, {"Vorbis", AV_CODEC_ID_VORBIS}, {"Opus", AV_CODEC_ID_OPUS},
        {"AAC", AV_CODEC_ID_AAC},        {"ALAC", AV_CODEC_ID_ALAC},     {"WMA", AV_CODEC_ID_WMAV2},
    };
    std::vector<std::pair<std::string, bool>> formats;
    formats.reserve(std::size(kCodecs));
    for (const auto& [name, codec] : kCodecs) formats.emplace_back(name, avcodec_find_decoder(codec) != nullptr);
    return formats;
}

}  // namespace audio_ident::app
