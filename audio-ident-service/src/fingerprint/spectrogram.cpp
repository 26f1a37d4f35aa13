#include "fingerprint/spectrogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "util/multiversion.hpp"

namespace audio_ident::fingerprint {

namespace {

constexpr std::size_t kBufferSamples = 8 * kWindowSamples;

// Hann window, scaled so that a full-scale sine on a bin gives |X| = 1.
std::vector<float> hann() {
    std::vector<float> window(kWindowSamples);
    for (std::size_t i = 0; i < window.size(); ++i) {
        const double phase = 2 * std::numbers::pi * double(i) / double(kWindowSamples);
        window[i] = static_cast<float>((0.5 - 0.5 * std::cos(phase)) * 4.0 / double(kWindowSamples));
    }
    return window;
}

AUDIO_IDENT_MULTIVERSION
void multiply(const float* __restrict a, const float* __restrict b, float* __restrict out) {
    for (std::size_t i = 0; i < kWindowSamples; ++i) out[i] = a[i] * b[i];
}

// Natural logarithm of x > 0 to 1e-4: exponent from the bits, mantissa in [√½, √2) by the series of atanh
// (log m = 2·(s + s³/3 + s⁵/5), s = (m-1)/(m+1)). Written so that it vectorises.
inline float fast_log(float x) {
    const auto bits = std::bit_cast<std::int32_t>(x);
    const std::int32_t shifted = bits - 0x3f3504f3;  // √½
    const std::int32_t exponent = shifted >> 23;
    const auto mantissa = std::bit_cast<float>((shifted & 0x007fffff) + 0x3f3504f3);
    const float s = (mantissa - 1.0F) / (mantissa + 1.0F);
    const float s2 = s * s;
    return static_cast<float>(exponent) * 0.693147181F + 2.0F * s * (1.0F + s2 * (0.333333333F + s2 * 0.2F));
}

AUDIO_IDENT_MULTIVERSION
void power_of(const float* __restrict spectrum, float* __restrict power) {
    for (std::size_t k = 0; k < kBins; ++k) {
        const float re = spectrum[2 * k];
        const float im = spectrum[2 * k + 1];
        power[k] = re * re + im * im;
    }
}

AUDIO_IDENT_MULTIVERSION
void log_power(const float* __restrict power, float noise, std::int16_t* __restrict row) {
    constexpr float kLimit = static_cast<float>(kLogLimit);
    for (std::size_t k = 0; k < kBins; ++k) {
        float value = (fast_log(power[k] + noise) - kLogCentre) * kLogScale;
        value = value < -kLimit ? -kLimit : value;
        value = value > kLimit ? kLimit : value;
        // Adding and taking away 1.5·2²³ rounds to the nearest integer, ties to even.
        row[k] = static_cast<std::int16_t>(static_cast<std::int32_t>((value + 12582912.0F) - 12582912.0F));
    }
}

// Of one lane: the sums of a second do not overflow, however loud the samples are.
constexpr float kMostSteps = 9007199254740992.0F;

// Lanes that are summed apart, so that the sum is the same with every set of instructions.
constexpr std::size_t kLanes = 16;

AUDIO_IDENT_MULTIVERSION
void sum_lanes(const float* __restrict power, float* __restrict lanes) {
    constexpr std::size_t kWhole = kBins / kLanes * kLanes;
    for (std::size_t k = 0; k < kWhole; k += kLanes) {
        for (std::size_t i = 0; i < kLanes; ++i) lanes[i] += power[k + i];
    }
    for (std::size_t k = kWhole; k < kBins; ++k) lanes[k - kWhole] += power[k];
}

}  // namespace

LogRow log_of(const PowerRow& power, float noise) {
    constexpr float kFloor = 1e-20F;
    LogRow row;
    log_power(power.data(), noise + kFloor, row.data());
    return row;
}

PowerSum sum_of(const PowerRow& power) {
    std::array<float, kLanes> lanes{};
    sum_lanes(power.data(), lanes.data());
    PowerSum sum = 0;
    for (const float lane : lanes) {
        const float steps = lane * kPowerScale;
        sum += steps < kMostSteps ? static_cast<PowerSum>(steps) : static_cast<PowerSum>(kMostSteps);
    }
    return sum;
}

Spectrogram::Spectrogram(std::size_t hop_samples)
    : hop_samples_(hop_samples), fft_(kWindowSamples), window_(hann()), buffer_(kBufferSamples) {}

void Spectrogram::reset() {
    begin_ = end_ = 0;
}

std::size_t Spectrogram::fill(std::span<const float> samples) {
    if (end_ == buffer_.size()) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, (end_ - begin_) * sizeof(float));
        end_ -= begin_;
        begin_ = 0;
    }
    const std::size_t missing = kWindowSamples - std::min(kWindowSamples, end_ - begin_);
    const std::size_t count = std::min({samples.size(), missing, buffer_.size() - end_});
    // A sample that is not a number, from a broken float file, counts as silence.
    std::transform(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count),
                   buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
                   [](float x) { return std::isfinite(x) ? std::clamp(x, -8.0F, 8.0F) : 0.0F; });
    end_ += count;
    return count;
}

void Spectrogram::analyse() {
    multiply(buffer_.data() + begin_, window_.data(), fft_.input().data());
    const auto spectrum = fft_.transform();
    power_of(reinterpret_cast<const float*>(spectrum.data() + kFirstBin), row_.data());
}

void Spectrogram::advance() {
    begin_ += hop_samples_;
}

}  // namespace audio_ident::fingerprint
