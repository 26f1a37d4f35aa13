#include "calibration/degrade.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace audio_ident::calibration {

namespace {

// Uniform in [-1, 1), and the same with every standard library.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : engine_(seed) {}
    float next() { return static_cast<float>(static_cast<double>(engine_() >> 11) * 0x1p-52 - 1.0); }

  private:
    std::mt19937_64 engine_;
};

double power_of(std::span<const float> samples) {
    double sum = 0;
    for (const float x : samples) sum += double(x) * double(x);
    return samples.empty() ? 0 : sum / double(samples.size());
}

float low_pass_coefficient(int rate_hz, double hz) {
    return static_cast<float>(1 - std::exp(-2 * std::numbers::pi * hz / rate_hz));
}

}  // namespace

std::vector<float> mixed(std::span<const float> samples, std::span<const float> other, double ratio_db) {
    std::vector<float> sum(samples.begin(), samples.end());
    const double power = power_of(other);
    if (power <= 0) return sum;
    const auto gain = static_cast<float>(std::sqrt(power_of(samples) / power) * std::pow(10.0, -ratio_db / 20));
    for (std::size_t i = 0; i < sum.size() && i < other.size(); ++i) sum[i] += gain * other[i];
    return sum;
}

std::vector<float> with_noise(std::span<const float> samples, double snr_db, std::uint64_t seed) {
    Noise noise(seed);
    std::vector<float> sound(samples.size());
    // White noise and two low-passed copies fall by about 3 dB an octave over the band of music.
    float slow = 0;
    float slower = 0;
    for (float& x : sound) {
        const float white = noise.next();
        slow += 0.25F * (white - slow);
        slower += 0.03F * (white - slower);
        x = 0.3F * white + slow + 2.5F * slower;
    }
    return mixed(samples, sound, snr_db);
}

std::vector<float> in_room(std::span<const float> samples, int rate_hz, double decay_seconds, std::uint64_t seed) {
    // Random reflections stand for the diffuse tail. They are sparse, but dense enough to sound like one.
    constexpr double kReflectionsPerSecond = 2000;
    constexpr double kToSixty = 6.907755;  // ln(1000)
    Noise noise(seed);
    const auto count = static_cast<std::size_t>(decay_seconds * kReflectionsPerSecond);
    std::vector<float> echo(samples.size());
    for (std::size_t i = 0; i < count; ++i) {
        const double at = (double(i) + 1 + 0.5 * double(noise.next())) / kReflectionsPerSecond;
        const float gain = noise.next() * static_cast<float>(std::exp(-kToSixty * at / decay_seconds));
        const auto delay = static_cast<std::size_t>(std::max(1.0, at * rate_hz));
        for (std::size_t n = delay; n < echo.size(); ++n) echo[n] += gain * samples[n - delay];
    }
    return mixed(samples, echo, 0);
}

std::vector<float> within_band(std::span<const float> samples, int rate_hz, double low_hz, double high_hz) {
    std::vector<float> band(samples.begin(), samples.end());
    const float low = low_pass_coefficient(rate_hz, low_hz);
    const float high = low_pass_coefficient(rate_hz, high_hz);
    for (int order = 0; order < 2; ++order) {
        float below = 0;
        float kept = 0;
        for (float& x : band) {
            below += low * (x - below);
            kept += high * (x - below - kept);
            x = kept;
        }
    }
    return band;
}

std::vector<float> at_speed(std::span<const float> samples, double ratio) {
    std::vector<float> played;
    for (double at = 0; at + 1 < double(samples.size()); at += ratio) {
        const auto i = static_cast<std::size_t>(at);
        const auto part = static_cast<float>(at - double(i));
        played.push_back(samples[i] + part * (samples[i + 1] - samples[i]));
    }
    return played;
}

}  // namespace audio_ident::calibration
