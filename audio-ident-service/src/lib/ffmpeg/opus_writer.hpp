#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct AVCodecContext;
struct AVFormatContext;

namespace audio_ident::ffmpeg {

/// Encodes mono or stereo sound in memory as Opus in Ogg, which every browser plays. The same samples always give the
/// same bytes. Throws Error.
class OpusWriter {
  public:
    static constexpr int kSampleRateHz = 48000;

    OpusWriter(int channels, int bits_a_second);
    ~OpusWriter();
    OpusWriter(const OpusWriter&) = delete;
    OpusWriter& operator=(const OpusWriter&) = delete;

    /// Stereo samples are left, right, left, … in whole pairs.
    void write(std::span<const float> samples);
    /// Returns the whole file. Call once, last.
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
