#include "dsp/mel_spectrogram.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <numbers>
#include <numeric>

#include "support/synth.hpp"

namespace audio_ident::dsp {
namespace {

using testing::Each;

constexpr MelParams kParams{.sample_rate = 16000, .window = 512, .hop = 256, .bands = 96, .low_hz = 0, .high_hz = 8000};

std::vector<float> rows_of(std::span<const float> samples, std::size_t block) {
    MelSpectrogram mel(kParams);
    std::vector<float> rows;
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
        mel.consume(samples.first(std::min(block, samples.size())), rows);
    }
    mel.finish(rows);
    return rows;
}

TEST(MelSpectrogram, DoesNotDependOnHowTheInputIsCut) {
    const auto samples = test::music(1, 1.3, 16000).samples;
    const auto whole = rows_of(samples, samples.size());
    for (const std::size_t block : {1, 255, 256, 257, 4096}) EXPECT_EQ(rows_of(samples, block), whole) << block;
}

TEST(MelSpectrogram, HasAFrameAHopAndOneMore) {
    for (const std::size_t count : {1, 200, 256, 257, 511, 512, 513, 16000}) {
        const std::vector<float> samples(count, 0.5F);
        EXPECT_EQ(rows_of(samples, 100).size(), (1 + std::max<std::size_t>(count, 257) / 256) * 96) << count;
    }
    EXPECT_TRUE(rows_of({}, 1).empty());
}

// With a Hann window, a sine at a bin's frequency has power (amplitude · window / 4)² in that bin and a quarter of it
// in both neighbours. The triangles, computed here from the published scale, give each band's share of it.
TEST(MelSpectrogram, WeighsASineByTheTrianglesOfSlaneysScale) {
    const auto rows = rows_of(test::tone(2000, 1, 16000, 0.5).samples, 4096);
    const auto mel = [](double hz) { return hz < 1000 ? hz * 3 / 200 : 15 + std::log(hz / 1000) * 27 / std::log(6.4); };
    const auto hz = [](double m) { return m < 15 ? m * 200 / 3 : 1000 * std::exp((m - 15) * std::log(6.4) / 27); };
    const double power = std::pow(0.5 * 512 / 4, 2);
    for (int band = 0; band < 96; ++band) {
        const double low = hz(mel(8000) / 97 * band);
        const double top = hz(mel(8000) / 97 * (band + 1));
        const double high = hz(mel(8000) / 97 * (band + 2));
        double expected = 0;
        for (const auto& [frequency, share] : {std::pair(1968.75, 0.25), {2000.0, 1.0}, {2031.25, 0.25}}) {
            const double weight = std::min((frequency - low) / (top - low), (high - frequency) / (high - top));
            expected += std::max(0.0, weight) * 2 / (high - low) * power * share;
        }
        const float heard = rows[static_cast<std::size_t>(30 * 96 + band)];
        EXPECT_NEAR(heard, expected, 1e-3 + 1e-3 * expected) << band;
    }
}

TEST(MelSpectrogram, TakesSamplesThatAreNoNumbersForSilence) {
    std::vector<float> samples(4000);
    samples[1000] = std::nanf("");
    samples[2000] = INFINITY;
    EXPECT_THAT(rows_of(samples, 500), Each(0.0F));
}

}  // namespace
}  // namespace audio_ident::dsp
