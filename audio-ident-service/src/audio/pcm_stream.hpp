#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audio/decoder.hpp"
#include "audio/downmix.hpp"
#include "lib/ffmpeg/resampler.hpp"

struct AVFrame;

namespace audio_ident::audio {

/// Converts decoded frames to the sample rate and channels that a PcmSink wants. The rate and channels of the frames
/// may change in mid-stream. Throws ffmpeg::Error.
class PcmStream {
  public:
    /// Stops after `max_samples` samples per channel at `sample_rate_hz`.
    PcmStream(int sample_rate_hz, Channels channels, std::optional<std::int64_t> max_samples, const PcmSink& sink)
        : sample_rate_hz_(sample_rate_hz), max_samples_(max_samples), sink_(sink), lanes_(std::size_t(channels)) {}

    /// Returns Flow::stop when no more samples are wanted. The caller has checked `source_rate_hz`, the frame's rate.
    Flow consume(const AVFrame& frame, int source_rate_hz);
    Flow finish();
    /// Drops so many of the next samples per channel at `sample_rate_hz`. Call it before the first frame.
    void drop(std::int64_t samples) { to_drop_ = samples; }

    /// Exact duration of the consumed frames, at the source's rate.
    double seconds() const;
    std::int64_t samples_out() const { return samples_out_; }

  private:
    /// One output channel.
    struct Lane {
        std::vector<float> samples;                    ///< of the last frame; mono uses mixer_ instead
        std::unique_ptr<ffmpeg::Resampler> resampler;  ///< none when the rates agree
        std::span<const float> ready;                  ///< at the rate wanted
    };

    /// Resamples what consume() or finish() has put into the lanes, or mixed.
    Flow convert();
    Flow change_rate(int source_rate_hz);
    /// Passes the samples that are ready in all lanes to the sink.
    Flow deliver();

    int sample_rate_hz_;
    std::optional<std::int64_t> max_samples_;
    const PcmSink& sink_;

    int source_rate_hz_ = 0;
    std::int64_t samples_in_ = 0;  ///< samples since the rate last changed
    double seconds_before_ = 0;    ///< seconds before that change
    std::int64_t samples_out_ = 0;
    std::int64_t to_drop_ = 0;
    Downmixer mixer_;
    std::vector<Lane> lanes_;
    std::vector<float> interleaved_;
};

}  // namespace audio_ident::audio
