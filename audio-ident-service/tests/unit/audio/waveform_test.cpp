#include "audio/waveform.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/random.hpp"

namespace audio_ident::audio {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kBlock = Waveform::kSampleRateHz / 50;

WaveformPeaks peaks_of(std::span<const float> samples) {
    Waveform waveform;
    waveform.consume(samples);
    return waveform.finish();
}

TEST(WaveformTest, APeakIsTheLargestAmplitudeOfItsPartWhateverItsSign) {
    std::vector<float> samples(3 * kBlock);
    samples[5] = 0.25F;
    samples[kBlock] = -0.5F;
    samples[kBlock + 1] = 0.4F;
    EXPECT_THAT(peaks_of(samples), ElementsAre(250, 500, 0));
    samples[0] = -3.0F;  // Lossy codecs overshoot.
    EXPECT_THAT(peaks_of(samples), ElementsAre(1000, 500, 0));
}

TEST(WaveformTest, LongMusicIsCutIntoEqualParts) {
    std::vector<float> samples(kBlock * Waveform::kMaxPeaks * 5 / 2, 0.1F);
    EXPECT_THAT(peaks_of(samples), testing::AllOf(SizeIs(Waveform::kMaxPeaks), Each(100)));
    samples[samples.size() / 2] = 1;
    const auto peaks = peaks_of(samples);
    EXPECT_EQ(peaks[Waveform::kMaxPeaks / 2], 1000);
    EXPECT_EQ(std::count(peaks.begin(), peaks.end(), 1000), 1);
}

TEST(WaveformTest, ALongRecordingHasAsManyPeaksAsAreWanted) {
    Waveform waveform;
    waveform.consume(std::vector<float>(kBlock * 5000, 0.1F));
    EXPECT_THAT(waveform.finish(2500), testing::AllOf(SizeIs(2500), Each(100)));
    EXPECT_THAT(waveform.finish(9999), SizeIs(5000));
}

TEST(WaveformTest, NothingHasNoPeaks) {
    EXPECT_THAT(peaks_of({}), IsEmpty());
    EXPECT_THAT(peaks_of(std::vector<float>(1)), ElementsAre(0));
}

TEST(WaveformTest, HowTheSamplesWereCutDoesNotMatter) {
    test::Random random(3);
    std::vector<float> samples(20'000);
    for (float& sample : samples) sample = static_cast<float>(random.below(2001) - 1000) / 1000;
    const auto whole = peaks_of(samples);
    Waveform waveform;
    waveform.consume(std::vector<float>(7, 1.0F));  // Left over from an earlier file.
    waveform.reset();
    for (std::span<const float> rest = samples; !rest.empty();) {
        const auto part =
            rest.first(std::min<std::size_t>(rest.size(), 1 + static_cast<std::size_t>(random.below(700))));
        waveform.consume(part);
        rest = rest.subspan(part.size());
    }
    EXPECT_EQ(waveform.finish(), whole);
}

}  // namespace
}  // namespace audio_ident::audio
