#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct AVCodecContext;
struct AVFormatContext;

namespace audio_ident::ffmpeg {

/// Encodes one or two channels of sound as Opus in Ogg, in memory: what every browser plays. The same samples give the same bytes.
/// Throws Error.
class OpusWriter {
  public:
    static constexpr int kSampleRateHz = 48000;

    OpusWriter(int channels, int bits_a_second);
    ~OpusWriter();
    OpusWriter(const OpusWriter&) = delete;
    OpusWriter& operator=(const OpusWriter&) = delete;

    /// Of two channels: left, right, left …, whole pairs.
    void write(std::span<const float> samples);
    /// The whole file. Call once, last.
    std::string finish();

  private:
    void encode(std::span<const float> frame);
    void drain();

    AVFormatContext* format_ = nullptr;
    AVCodecContext* codec_ = nullptr;
    std::vector<float> pending_;
    std::int64_t position_ = 0;
};

}  // namespace audio_ident::ffmpeg
