#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace audio_ident::audio {

/// How samples without a header are coded: interleaved, little-endian.
enum class SampleFormat { s16le, s24le, s32le, f32le };

struct RawFormat {
    SampleFormat samples = SampleFormat::s16le;
    int sample_rate_hz = 44'100;
    int channels = 2;

    static constexpr int kMinRateHz = 4'000;
    static constexpr int kMaxRateHz = 384'000;
    static constexpr int kMaxChannels = 32;
};

/// "s16le"; nullopt for a name that no format has.
std::optional<SampleFormat> sample_format(std::string_view name);

/// The header of a CAF file that does not say how long it is: with it, a decoder takes the samples that follow. (Behind
/// the header of a WAV file, FFmpeg waits for 128 KB, since they may be another format in disguise.)
std::vector<std::byte> caf_header(const RawFormat& format);

}  // namespace audio_ident::audio
