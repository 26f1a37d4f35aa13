#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

struct AVCodecContext;
struct AVFormatContext;

namespace audio_ident::ffmpeg {

/// Encodes mono or stereo sound, into a file or in memory. The same samples and tags always give the same bytes. Throws
/// Error.
class SoundWriter {
  public:
    using Tags = std::vector<std::pair<std::string, std::string>>;  ///< {"title", "…"}, UTF-8

    struct Settings {
        const char* encoder;    ///< FFmpeg's name; it takes 16-bit or float samples that alternate between channels
        const char* container;  ///< FFmpeg's name
        bool sixteen_bits = false;
        int sample_rate_hz = 0;
        int channels = 0;
        std::int64_t bits_a_second = 0;  ///< 0: as the encoder likes
        Tags tags = {};
        std::optional<std::filesystem::path> file = {};  ///< nullopt: in memory
    };

    explicit SoundWriter(const Settings& settings);
    ~SoundWriter();
    SoundWriter(const SoundWriter&) = delete;
    SoundWriter& operator=(const SoundWriter&) = delete;

    /// Samples in [-1, 1]; louder ones are clipped to 16 bits. Stereo samples are left, right, left, … in whole pairs.
    void write(std::span<const float> samples);
    /// Completes the file. Returns its bytes when it is in memory. Call once, last.
    std::string finish();

  private:
    void open(const Settings& settings);
    std::string close_output();
    void close();
    void encode(std::span<const float> frame);
    void drain();

    bool in_memory_;
    AVFormatContext* format_ = nullptr;
    AVCodecContext* codec_ = nullptr;
    std::vector<float> pending_;
    std::int64_t position_ = 0;
};

inline constexpr int kOpusSampleRateHz = 48000;

/// Opus in Ogg, in memory, which every browser plays.
inline SoundWriter::Settings opus_in_memory(int channels, std::int64_t bits_a_second) {
    return {.encoder = "libopus",
            .container = "ogg",
            .sample_rate_hz = kOpusSampleRateHz,
            .channels = channels,
            .bits_a_second = bits_a_second};
}

/// FLAC with 16 bits a sample.
inline SoundWriter::Settings flac_file(std::filesystem::path file, int sample_rate_hz, int channels,
                                       SoundWriter::Tags tags) {
    return {.encoder = "flac",
            .container = "flac",
            .sixteen_bits = true,
            .sample_rate_hz = sample_rate_hz,
            .channels = channels,
            .tags = std::move(tags),
            .file = std::move(file)};
}

}  // namespace audio_ident::ffmpeg
