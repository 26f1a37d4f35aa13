#include "dsp/mel_bank.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace audio_ident::dsp {

namespace {

// Slaney's scale: linear up to 1 kHz (15 steps), then logarithmic (27 steps up to 6.4 kHz).
constexpr double kLinearStepHz = 200.0 / 3;
constexpr double kBreakHz = 1000;
constexpr double kBreakMel = kBreakHz / kLinearStepHz;
const double kLogStep = std::log(6.4) / 27;

double mel_of(double hz) {
    return hz < kBreakHz ? hz / kLinearStepHz : kBreakMel + std::log(hz / kBreakHz) / kLogStep;
}

double hz_of(double mel) {
    return mel < kBreakMel ? mel * kLinearStepHz : kBreakHz * std::exp((mel - kBreakMel) * kLogStep);
}

}  // namespace

std::vector<MelBand> mel_bank(const MelParams& params) {
    std::vector<double> points(params.bands + 2);
    const double low = mel_of(params.low_hz);
    const double step = (mel_of(params.high_hz) - low) / double(params.bands + 1);
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = hz_of(low + step * double(i));
    std::vector<MelBand> bands(params.bands);
    for (std::size_t band = 0; band < params.bands; ++band) {
        const double begin = points[band];
        const double top = points[band + 1];
        const double end = points[band + 2];
        for (std::size_t bin = 0; bin <= params.window / 2; ++bin) {
            const double hz = double(bin) * params.sample_rate / double(params.window);
            const double weight = std::min((hz - begin) / (top - begin), (end - hz) / (end - top));
            if (weight <= 0) continue;
            if (bands[band].weights.empty()) bands[band].first_bin = bin;
            bands[band].weights.push_back(weight * 2 / (end - begin));
        }
    }
    return bands;
}

std::vector<double> periodic_hann(std::size_t length) {
    std::vector<double> window(length);
    for (std::size_t i = 0; i < length; ++i) {
        window[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * double(i) / double(length));
    }
    return window;
}

}  // namespace audio_ident::dsp
