#pragma once

#include <span>
#include <vector>

#include "dsp/mel_bank.hpp"
#include "dsp/real_fft.hpp"

namespace audio_ident::embedding {

/// What CLAP hears of ten seconds: power in 64 mel bands, in decibels, as ClapFeatureExtractor of Hugging Face's
/// transformers gives it without fusion. For one thread.
class ClapMel {
  public:
    static constexpr unsigned kSampleRateHz = 48000;
    static constexpr std::size_t kSamples = 480000;
    static constexpr std::size_t kFrames = 1001;
    static constexpr std::size_t kBands = 64;

    ClapMel();

    /// Frame after frame, kFrames · kBands values from -100 on; of kSamples samples, mirrored at both ends. Valid until
    /// the next call.
    std::span<const float> features(std::span<const float> samples);

  private:
    // In double: a chirp's quiet bands would be up to 0.25 dB off.
    dsp::PreciseRealFft fft_;
    std::vector<double> window_;
    std::vector<dsp::MelBand> bank_;
    std::vector<double> padded_;
    std::vector<float> features_;
};

}  // namespace audio_ident::embedding
