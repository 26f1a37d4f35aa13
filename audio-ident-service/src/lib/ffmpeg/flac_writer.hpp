#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

struct AVFormatContext;
struct AVCodecContext;

namespace audio_ident::ffmpeg {

/// Writes mono or stereo sound to a FLAC file with 16 bits a sample. The same samples and tags always give the same
/// bytes. Throws Error.
class FlacWriter {
  public:
    struct Format {
        int sample_rate_hz = 44100;
        int channels = 2;
    };
    using Tags = std::vector<std::pair<std::string, std::string>>;  ///< {"title", "…"}, UTF-8

    FlacWriter(const std::filesystem::path& file, const Format& format, const Tags& tags);
    ~FlacWriter();
    FlacWriter(const FlacWriter&) = delete;
    FlacWriter& operator=(const FlacWriter&) = delete;

    /// Samples in [-1, 1]; louder ones are clipped. Stereo samples are left, right, left, … in whole pairs.
    void write(std::span<const float> samples);
    /// Completes the file. Call once, last.
    void finish();

  private:
    void open(const std::filesystem::path& file, const Format& format, const Tags& tags);
    void close();
    void encode(std::span<const float> frame);
    void drain();

    AVFormatContext* format_ = nullptr;
    AVCodecContext* codec_ = nullptr;
    std::vector<float> pending_;
    std::int64_t position_ = 0;
};

}  // namespace audio_ident::ffmpeg
