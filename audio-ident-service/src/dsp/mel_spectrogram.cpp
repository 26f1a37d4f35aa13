#include "dsp/mel_spectrogram.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "util/multiversion.hpp"

namespace audio_ident::dsp {

namespace {

// Slaney's scale: linear up to 1 kHz, 15 steps, then logarithmic, 27 steps to 6.4 kHz.
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

AUDIO_IDENT_MULTIVERSION
void multiply(const float* __restrict a, const float* __restrict b, float* __restrict out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = a[i] * b[i];
}

AUDIO_IDENT_MULTIVERSION
void squared_magnitude(const float* __restrict spectrum, float* __restrict power, std::size_t bins) {
    for (std::size_t k = 0; k < bins; ++k) {
        power[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    }
}

}  // namespace

MelSpectrogram::MelSpectrogram(const MelParams& params)
    : params_(params),
      fft_(params.window),
      window_(params.window),
      triangles_(params.bands),
      power_(params.window / 2 + 1) {
    for (std::size_t i = 0; i < window_.size(); ++i) {
        const double phase = 2 * std::numbers::pi * double(i) / double(params.window);
        window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(phase));
    }
    std::vector<double> points(params.bands + 2);
    const double low = mel_of(params.low_hz);
    const double step = (mel_of(params.high_hz) - low) / double(params.bands + 1);
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = hz_of(low + step * double(i));
    for (std::size_t band = 0; band < params.bands; ++band) {
        const double begin = points[band];
        const double top = points[band + 1];
        const double end = points[band + 2];
        Triangle& triangle = triangles_[band];
        for (std::size_t bin = 0; bin < power_.size(); ++bin) {
            const double hz = double(bin) * params.sample_rate / double(params.window);
            const double weight = std::min((hz - begin) / (top - begin), (end - hz) / (end - top));
            if (weight <= 0) continue;
            if (triangle.weights.empty()) triangle.first_bin = bin;
            triangle.weights.push_back(static_cast<float>(weight * 2 / (end - begin)));
        }
    }
}

void MelSpectrogram::consume(std::span<const float> samples, std::vector<float>& rows) {
    append(samples);
    if (!begun_ && buffer_.size() > params_.window / 2) mirror_begin();
    if (begun_) frames(rows);
}

void MelSpectrogram::finish(std::vector<float>& rows) {
    if (buffer_.empty() && !begun_) return;
    const std::size_t half = params_.window / 2;
    if (!begun_) {  // shorter than what is mirrored: silence follows
        buffer_.resize(half + 1);
        mirror_begin();
    }
    const std::size_t last = buffer_.size() - 1;
    for (std::size_t i = 1; i <= half; ++i) buffer_.push_back(buffer_[last - std::min(i, last)]);
    frames(rows);
    buffer_.clear();
    begun_ = false;
}

void MelSpectrogram::append(std::span<const float> samples) {
    buffer_.reserve(buffer_.size() + samples.size());
    // A sample that is not a number, from a broken float file, counts as silence.
    for (const float x : samples) buffer_.push_back(std::isfinite(x) ? std::clamp(x, -8.0F, 8.0F) : 0.0F);
}

void MelSpectrogram::mirror_begin() {
    const std::size_t half = params_.window / 2;
    std::vector<float> mirrored(buffer_.rend() - static_cast<std::ptrdiff_t>(half + 1), buffer_.rend() - 1);
    buffer_.insert(buffer_.begin(), mirrored.begin(), mirrored.end());
    begun_ = true;
}

void MelSpectrogram::frames(std::vector<float>& rows) {
    std::size_t begin = 0;
    for (; begin + params_.window <= buffer_.size(); begin += params_.hop) {
        multiply(buffer_.data() + begin, window_.data(), fft_.input().data(), params_.window);
        squared_magnitude(reinterpret_cast<const float*>(fft_.transform().data()), power_.data(), power_.size());
        for (const Triangle& triangle : triangles_) {
            float sum = 0;
            const float* power = power_.data() + triangle.first_bin;
            for (std::size_t i = 0; i < triangle.weights.size(); ++i) sum += triangle.weights[i] * power[i];
            rows.push_back(sum);
        }
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(std::min(begin, buffer_.size())));
}

}  // namespace audio_ident::dsp
