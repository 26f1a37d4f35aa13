#pragma once

#include <span>
#include <vector>

#include "dsp/mel_bank.hpp"
#include "dsp/real_fft.hpp"

namespace audio_ident::embedding {

/// CLAP's input for ten seconds of sound: power in 64 mel bands in decibels. Matches ClapFeatureExtractor of Hugging
/// Face's transformers without fusion. Not thread-safe.
class ClapMel {
  public:
    static constexpr unsigned kSampleRateHz = 48000;
    static constexpr std::size_t kSamples = 480000;
    static constexpr std::size_t kFrames = 1001;
    static constexpr std::size_t kBands = 64;

    ClapMel();

    /// Computes kFrames · kBands values, frame by frame, each at least -100, from kSamples samples. The signal is
    /// mirrored at both ends. Valid until the next call.
    std::span<const float> features(std::span<const float> samples);

  private:
    // Double precision: in single precision the quiet bands of a chirp would be up to 0.25 dB off.
    dsp::PreciseRealFft fft_;
    std::vector<double> window_;
    std::vector<dsp::MelBand> bank_;
    std::vector<double> padded_;
    std::vector<float> features_;
};

}  // namespace audio_ident::embedding
