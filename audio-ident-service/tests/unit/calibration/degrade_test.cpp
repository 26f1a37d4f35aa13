#include "calibration/degrade.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "support/synth.hpp"

namespace audio_ident::calibration {
namespace {

constexpr int kRate = 16000;

double power(std::span<const float> samples) {
    double sum = 0;
    for (const float x : samples) sum += double(x) * double(x);
    return sum / double(samples.size());
}

double power_of_difference(std::span<const float> a, std::span<const float> b) {
    std::vector<float> difference(a.begin(), a.end());
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= b[i];
    return power(difference);
}

TEST(Degrade, NoiseLiesAsFarBelowTheMusicAsAsked) {
    const auto music = test::music(1, 3, kRate).samples;
    for (const double snr_db : {-5.0, 0.0, 20.0}) {
        const auto noisy = with_noise(music, snr_db, 7);
        ASSERT_EQ(noisy.size(), music.size());
        EXPECT_NEAR(10 * std::log10(power(music) / power_of_difference(noisy, music)), snr_db, 0.05);
    }
    EXPECT_EQ(with_noise(music, 3, 7), with_noise(music, 3, 7));
    EXPECT_NE(with_noise(music, 3, 7), with_noise(music, 3, 8));
    EXPECT_TRUE(with_noise({}, 3, 7).empty());
}

TEST(Degrade, ARoomAddsAnEchoAsStrongAsTheSoundAndNothingBeforeIt) {
    std::vector<float> click(kRate, 0.0F);
    click[4000] = 1;
    const auto heard = in_room(click, kRate, 0.4, 3);
    for (std::size_t i = 0; i < 4000; ++i) ASSERT_EQ(heard[i], 0.0F) << i;
    EXPECT_NEAR(power_of_difference(heard, click), power(click), 0.01 * power(click));
    const std::span<const float> tail(heard);
    EXPECT_GT(power(tail.subspan(4100, 800)), 10 * power(tail.subspan(8000, 800)));
}

TEST(Degrade, ABandKeepsWhatLiesInItOnly) {
    const auto kept = [](double hz) {
        const auto tone = test::tone(hz, 1, kRate).samples;
        return power(within_band(tone, kRate, 300, 3400)) / power(tone);
    };
    EXPECT_GT(kept(1000), 0.5);
    EXPECT_LT(kept(50), 0.05);
    EXPECT_LT(kept(7500), 0.2);
}

TEST(Degrade, FasterIsShorterAndHigher) {
    const auto tone = test::tone(1000, 1, kRate).samples;
    const auto fast = at_speed(tone, 1.05);
    EXPECT_NEAR(double(fast.size()), double(tone.size()) / 1.05, 2);
    const auto crossings = [](const std::vector<float>& samples) {
        int count = 0;
        for (std::size_t i = 1; i < samples.size(); ++i) count += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
        return double(count) * kRate / double(samples.size());
    };
    EXPECT_NEAR(crossings(fast), 1050, 5);
}

}  // namespace
}  // namespace audio_ident::calibration
