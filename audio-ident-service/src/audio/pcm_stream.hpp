#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audio/decoder.hpp"
#include "lib/ffmpeg/resampler.hpp"

struct AVFrame;

namespace audio_ident::audio {

/// Turns decoded frames into the signal, at one rate, that a PcmSink wants. Frames may change their rate and channels
/// as they go. Throws ffmpeg::Error.
class PcmStream {
  public:
    /// Stops after `max_samples` samples, of each channel, at `sample_rate_hz`.
    PcmStream(int sample_rate_hz, Channels channels, std::optional<std::int64_t> max_samples, const PcmSink& sink)
        : sample_rate_hz_(sample_rate_hz), max_samples_(max_samples), sink_(sink), lanes_(std::size_t(channels)) {}

    /// Flow::stop when no more is wanted. `source_rate_hz` is the frame's, checked by the caller.
    Flow consume(const AVFrame& frame, int source_rate_hz);
    Flow finish();

    /// Of the source, exact.
    double seconds() const;
    std::int64_t samples_out() const { return samples_out_; }

  private:
    /// One channel of what the sink gets.
    struct Lane {
        std::vector<float> samples;                    ///< of the last frame
        std::unique_ptr<ffmpeg::Resampler> resampler;  ///< none when the rates agree
        std::span<const float> ready;                  ///< at the rate wanted
    };

    Flow change_rate(int source_rate_hz);
    /// What is ready in the lanes.
    Flow deliver();

    int sample_rate_hz_;
    std::optional<std::int64_t> max_samples_;
    const PcmSink& sink_;

    int source_rate_hz_ = 0;
    std::int64_t samples_in_ = 0;  ///< since the rate last changed
    double seconds_before_ = 0;    ///< until then
    std::int64_t samples_out_ = 0;
    std::vector<Lane> lanes_;
    std::vector<float> interleaved_;
};

}  // namespace audio_ident::audio
