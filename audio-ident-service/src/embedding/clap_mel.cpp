#include "embedding/clap_mel.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace audio_ident::embedding {

namespace {

constexpr dsp::MelParams kParams{.sample_rate = ClapMel::kSampleRateHz,
                                 .window = 1024,
                                 .hop = 480,
                                 .bands = ClapMel::kBands,
                                 .low_hz = 50,
                                 .high_hz = 14000};
constexpr std::size_t kHalf = kParams.window / 2;
constexpr double kLeastPower = 1e-10;

}  // namespace

ClapMel::ClapMel()
    : fft_(kParams.window),
      window_(dsp::periodic_hann(kParams.window)),
      bank_(dsp::mel_bank(kParams)),
      padded_(kSamples + kParams.window),
      features_(kFrames * kBands) {}

std::span<const float> ClapMel::features(std::span<const float> samples) {
    assert(samples.size() == kSamples);
    std::copy(samples.begin(), samples.end(), padded_.begin() + kHalf);
    for (std::size_t i = 1; i <= kHalf; ++i) {
        padded_[kHalf - i] = samples[i];
        padded_[kHalf + kSamples - 1 + i] = samples[kSamples - 1 - i];
    }
    std::vector<double> power(kHalf + 1);
    for (std::size_t frame = 0; frame < kFrames; ++frame) {
        const double* begin = padded_.data() + frame * kParams.hop;
        const auto input = fft_.input();
        for (std::size_t i = 0; i < kParams.window; ++i) input[i] = begin[i] * window_[i];
        const auto spectrum = fft_.transform();
        std::transform(spectrum.begin(), spectrum.end(), power.begin(), [](auto bin) { return std::norm(bin); });
        for (std::size_t band = 0; band < kBands; ++band) {
            const auto& [first_bin, weights] = bank_[band];
            double sum = 0;
            for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * power[first_bin + i];
            features_[frame * kBands + band] = static_cast<float>(10 * std::log10(std::max(sum, kLeastPower)));
        }
    }
    return features_;
}

}  // namespace audio_ident::embedding
