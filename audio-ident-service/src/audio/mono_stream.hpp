#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "audio/decoder.hpp"
#include "lib/ffmpeg/resampler.hpp"

struct AVFrame;

namespace audio_ident::audio {

/// Turns decoded frames into the mono signal at one rate that a PcmSink wants. Frames may change their rate and channels
/// as they go. Throws ffmpeg::Error.
class MonoStream {
  public:
    /// Stops after `max_samples` samples at `sample_rate_hz`.
    MonoStream(int sample_rate_hz, std::optional<std::int64_t> max_samples, const PcmSink& sink)
        : sample_rate_hz_(sample_rate_hz), max_samples_(max_samples), sink_(sink) {}

    /// Flow::stop when no more is wanted. `source_rate_hz` is the frame's, checked by the caller.
    Flow consume(const AVFrame& frame, int source_rate_hz);
    Flow finish();

    /// Of the source, exact.
    double seconds() const;
    std::int64_t samples_out() const { return samples_out_; }

  private:
    Flow change_rate(int source_rate_hz);
    Flow deliver(std::span<const float> samples);

    int sample_rate_hz_;
    std::optional<std::int64_t> max_samples_;
    const PcmSink& sink_;

    int source_rate_hz_ = 0;
    std::int64_t samples_in_ = 0;  ///< since the rate last changed
    double seconds_before_ = 0;    ///< until then
    std::int64_t samples_out_ = 0;
    std::vector<float> mono_;
    std::optional<ffmpeg::Resampler> resampler_;  ///< absent when the rates agree
};

}  // namespace audio_ident::audio
