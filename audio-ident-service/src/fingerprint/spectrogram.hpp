#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/real_fft.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::fingerprint {

/// Log power of one frame, kBins values: natural logarithm of |X|² relative to a full-scale sine, in steps of
/// 1/kLogScale around kLogCentre, clipped to ±kLogLimit. Integers, so that sums over boxes are exact and every way to
/// cut the input gives the same result.
using LogRow = std::array<std::int16_t, kBins>;

inline constexpr float kLogScale = 48.0F;    ///< 0.09 dB a step
inline constexpr float kLogCentre = -12.3F;  ///< -53 dB
inline constexpr int kLogLimit = 640;        ///< from -111 dB to +4.5 dB

/// Cuts mono samples at kSampleRateHz into Hann windows of kWindowSamples every `hop_samples` and takes their log
/// power. Frame i covers samples [i·hop, i·hop + window). A recording shorter than a window has no frame.
class Spectrogram {
  public:
    explicit Spectrogram(std::size_t hop_samples = kHopSamples);

    void reset();
    /// Calls `row(const LogRow&)` for each frame that these samples complete.
    template <typename RowSink>
    void consume(std::span<const float> samples, RowSink&& row) {
        while (!samples.empty()) {
            samples = samples.subspan(fill(samples));
            if (!frame_complete()) continue;
            analyse();
            row(static_cast<const LogRow&>(row_));
            advance();
        }
    }

  private:
    std::size_t fill(std::span<const float> samples);
    bool frame_complete() const { return end_ - begin_ >= kWindowSamples; }
    void analyse();
    void advance();

    std::size_t hop_samples_;
    dsp::RealFft fft_;
    std::vector<float> window_;
    std::vector<float> buffer_;  // samples [begin_, end_) wait for their frames
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    LogRow row_{};
};

}  // namespace audio_ident::fingerprint
