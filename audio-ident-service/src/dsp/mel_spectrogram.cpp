#include "dsp/mel_spectrogram.hpp"

#include <algorithm>
#include <cmath>

#include "util/multiversion.hpp"

namespace audio_ident::dsp {

namespace {

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
    const auto window = periodic_hann(params.window);
    std::transform(window.begin(), window.end(), window_.begin(), [](double x) { return static_cast<float>(x); });
    const auto bank = mel_bank(params);
    for (std::size_t band = 0; band < bank.size(); ++band) {
        triangles_[band].first_bin = bank[band].first_bin;
        for (const double weight : bank[band].weights) triangles_[band].weights.push_back(static_cast<float>(weight));
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
    if (!begun_) {  // The recording is shorter than the part to mirror: pad it with silence.
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
    // Broken float files contain NaN and infinity. They count as silence.
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
