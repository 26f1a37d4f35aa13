#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/real_fft.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::fingerprint {

/// Power |X|² of one frame, kBins values relative to a full-scale sine.
using PowerRow = std::array<float, kBins>;

/// Log power of one frame, kBins values: natural logarithm in steps of 1/kLogScale around kLogCentre, clipped to
/// ±kLogLimit. Integers, so that sums over boxes are exact and every way to cut the input gives the same result.
using LogRow = std::array<std::int16_t, kBins>;

inline constexpr float kLogScale = 48.0F;    ///< 0.09 dB a step
inline constexpr float kLogCentre = -12.3F;  ///< -53 dB
inline constexpr int kLogLimit = 640;        ///< from -111 dB to +4.5 dB

/// Of power + `noise`, the power of a white noise that is added.
LogRow log_of(const PowerRow& power, float noise = 0);

/// The sum of a row's powers, in steps of 1/kPowerScale. An integer, so that sums over frames are exact.
using PowerSum = std::uint64_t;
inline constexpr float kPowerScale = 17592186044416.0F;  ///< 2⁴⁴: a step lies below the clipped logarithms
PowerSum sum_of(const PowerRow& power);

/// Cuts mono samples at kSampleRateHz into Hann windows of kWindowSamples every `hop_samples` and takes their power.
/// Frame i covers samples [i·hop, i·hop + window). A recording shorter than a window has no frame.
class Spectrogram {
  public:
    explicit Spectrogram(std::size_t hop_samples = kHopSamples);

    void reset();
    /// Calls `row(const PowerRow&)` for each frame that these samples complete.
    template <typename RowSink>
    void consume(std::span<const float> samples, RowSink&& row) {
        while (!samples.empty()) {
            samples = samples.subspan(fill(samples));
            if (!frame_complete()) continue;
            analyse();
            row(static_cast<const PowerRow&>(row_));
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
    PowerRow row_{};
};

}  // namespace audio_ident::fingerprint
