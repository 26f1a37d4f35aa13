#include "fingerprint/spectrogram.hpp"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>

#include "support/synth.hpp"

namespace audio_ident::fingerprint {
namespace {

std::vector<LogRow> rows_of(std::span<const float> samples, std::size_t hop = kHopSamples) {
    std::vector<LogRow> rows;
    Spectrogram spectrogram(hop);
    spectrogram.consume(samples, [&](const PowerRow& row) { rows.push_back(log_of(row)); });
    return rows;
}

/// One value of a frame computed from the definition in double precision.
double log_power(std::span<const float> frame, std::size_t bin) {
    const double size = double(kWindowSamples);
    std::complex<double> sum = 0;
    for (std::size_t i = 0; i < kWindowSamples; ++i) {
        const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * double(i) / size);
        const double turns = double((i * (bin + kFirstBin)) % kWindowSamples) / size;
        sum += window * double(frame[i]) * std::polar(1.0, -2 * std::numbers::pi * turns);
    }
    const double power = std::norm(sum * 4.0 / size);
    return std::clamp((std::log(power + 1e-20) - double(kLogCentre)) * double(kLogScale), -double(kLogLimit),
                      double(kLogLimit));
}

TEST(Spectrogram, IsTheLogPowerOfHannWindows) {
    test::Clip clip = test::noise(1, 0.17, kSampleRateHz);
    const test::Clip sine = test::tone(1234.5, 0.17, kSampleRateHz);
    for (std::size_t i = 0; i < clip.samples.size(); ++i) clip.samples[i] = 0.02F * clip.samples[i] + sine.samples[i];
    const auto rows = rows_of(clip.samples);
    ASSERT_EQ(rows.size(), (clip.samples.size() - kWindowSamples) / kHopSamples + 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto frame = std::span(clip.samples).subspan(i * kHopSamples, kWindowSamples);
        for (std::size_t k = 0; k < kBins; k += 3) {
            EXPECT_NEAR(double(rows[i][k]), log_power(frame, k), 0.6) << "frame " << i << ", bin " << k;
        }
    }
}

TEST(Spectrogram, AFullScaleSineOnABinHasPowerOne) {
    constexpr std::size_t kBin = 100;
    const double hz = double(kBin + kFirstBin) * kSampleRateHz / double(kWindowSamples);
    const auto rows = rows_of(test::tone(hz, 0.2, kSampleRateHz, 1.0).samples);
    ASSERT_FALSE(rows.empty());
    for (const LogRow& row : rows) EXPECT_NEAR(double(row[kBin]) / kLogScale + kLogCentre, 0.0, 0.02);
}

TEST(Spectrogram, SumsARow) {
    for (const float gain : {1.0F, 1e-3F}) {
        Spectrogram spectrogram;
        spectrogram.consume(test::amplify(test::noise(7, 0.2, kSampleRateHz), gain).samples, [](const PowerRow& row) {
            double sum = 0;
            for (const float value : row) sum += double(value);
            EXPECT_NEAR(double(sum_of(row)) / double(kPowerScale) / sum, 1.0, 1e-4);
        });
    }
}

TEST(Spectrogram, AddsNoiseBeforeTheLogarithm) {
    PowerRow power;
    power.fill(1e-4F);
    const double expected = (std::log(3e-4) - double(kLogCentre)) * double(kLogScale);
    EXPECT_NEAR(double(log_of(power, 2e-4F)[300]), expected, 0.6);
}

TEST(Spectrogram, LimitsWhatItGives) {
    for (const LogRow& row : rows_of(std::vector<float>(5000, 0.0F))) {
        for (const int value : row) EXPECT_EQ(value, -kLogLimit);
    }
    test::Clip loud = test::noise(2, 0.3, kSampleRateHz);
    for (float& x : loud.samples) x *= 1e30F;
    for (const LogRow& row : rows_of(loud.samples)) {
        for (const int value : row) EXPECT_LE(std::abs(value), kLogLimit);
    }
}

TEST(Spectrogram, TakesSamplesThatAreNotNumbersForSilence) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    constexpr float kInf = std::numeric_limits<float>::infinity();
    test::Clip clip = test::music(3, 0.5, kSampleRateHz);
    test::Clip broken = clip;
    for (std::size_t i = 0; i < clip.samples.size(); i += 97) {
        clip.samples[i] = 0;
        broken.samples[i] = i % 3 == 0 ? kNan : i % 3 == 1 ? kInf : -kInf;
    }
    EXPECT_EQ(rows_of(broken.samples), rows_of(clip.samples));
}

TEST(Spectrogram, NeedsAWholeWindow) {
    const std::vector<float> samples(kWindowSamples + kHopSamples, 0.1F);
    EXPECT_EQ(rows_of(std::span(samples).first(0)).size(), 0U);
    EXPECT_EQ(rows_of(std::span(samples).first(kWindowSamples - 1)).size(), 0U);
    EXPECT_EQ(rows_of(std::span(samples).first(kWindowSamples)).size(), 1U);
    EXPECT_EQ(rows_of(std::span(samples).first(kWindowSamples + kHopSamples - 1)).size(), 1U);
    EXPECT_EQ(rows_of(samples).size(), 2U);
}

TEST(Spectrogram, StartsAnewAfterReset) {
    const test::Clip clip = test::music(4, 0.5, kSampleRateHz);
    Spectrogram spectrogram;
    std::vector<LogRow> rows;
    spectrogram.consume(test::noise(5, 0.33, kSampleRateHz).samples, [](const PowerRow&) {});
    spectrogram.reset();
    spectrogram.consume(clip.samples, [&](const PowerRow& row) { rows.push_back(log_of(row)); });
    EXPECT_EQ(rows, rows_of(clip.samples));
}

}  // namespace
}  // namespace audio_ident::fingerprint
