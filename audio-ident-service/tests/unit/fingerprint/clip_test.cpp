#include "fingerprint/clip.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "fingerprint/extractor.hpp"
#include "support/synth.hpp"

namespace audio_ident::fingerprint {
namespace {

TEST(Clip, HasItsLengthAndTwoRowsAHop) {
    const test::Clip music = test::music(1, 3, kSampleRateHz);
    const Clip clip(music.samples);
    EXPECT_DOUBLE_EQ(clip.seconds(), 3.0);
    const std::size_t frames = (music.samples.size() - kWindowSamples) / kHopSamples + 1;
    const std::size_t shifted =
        (music.samples.size() - kHopSamples / Clip::kMaxPhases - kWindowSamples) / kHopSamples + 1;
    EXPECT_EQ(clip.rows(), frames + shifted);
    EXPECT_GE(clip.map_deviation(), 1.0F);
}

TEST(Clip, FindsThePeaksOfARecordingOfTheSameSound) {
    const test::Clip music = test::music(2, 6, kSampleRateHz);
    Extractor extractor;
    extractor.consume(music.samples);
    const Fingerprint reference = extractor.finish();
    const Clip clip(music.samples);
    // Phase 0 has the recording's frames but more peaks. Its level differs, so rounding can move a flat maximum by one
    // frame; and the faint noise that only a recording gets moves or removes some.
    std::size_t found = 0;
    for (const Peak& peak : reference.peaks) {
        const auto same = [&](const ClipPeak& p) {
            return std::abs(p.frame - static_cast<float>(peak.frame)) <= 1.5F &&
                   std::abs(p.bin - static_cast<float>(peak.bin)) <= 0.5F;
        };
        found += std::any_of(clip.peaks(0).begin(), clip.peaks(0).end(), same) ? 1 : 0;
    }
    EXPECT_GE(double(found), 0.9 * double(reference.peaks.size()));
    // Peaks are ordered by frame before they are placed between frames, so at most one frame out of order.
    for (std::size_t phase = 0; phase < Clip::kMaxPhases; ++phase) {
        float latest = 0;
        for (const ClipPeak& peak : clip.peaks(phase)) {
            EXPECT_GE(peak.frame, latest - 1);
            latest = std::max(latest, peak.frame);
        }
    }
}

TEST(Clip, PlacesAToneBetweenBins) {
    // The peaks of a tone that is switched on lie at its frequency, not at the nearest bin's.
    const double bin = 200.3;
    const double hz = (bin + double(kFirstBin)) * kSampleRateHz / double(kWindowSamples);
    const test::Clip parts[] = {test::silence(1, kSampleRateHz), test::tone(hz, 0.3, kSampleRateHz),
                                test::silence(1, kSampleRateHz)};
    const Clip clip(test::concatenate(parts).samples);
    ASSERT_FALSE(clip.peaks(0).empty());
    const auto strongest = std::max_element(clip.peaks(0).begin(), clip.peaks(0).end(),
                                            [](const auto& a, const auto& b) { return a.contrast < b.contrast; });
    EXPECT_NEAR(double(strongest->bin), bin, 0.15);
}

TEST(Clip, IsTheSameAtAnyLevel) {
    const test::Clip music = test::music(3, 3, kSampleRateHz);
    const Clip loud(music.samples);
    for (const float gain : {1e-2F, 1e-4F, 1e3F}) {
        const Clip other(test::amplify(music, gain).samples);
        ASSERT_EQ(other.rows(), loud.rows());
        std::size_t differing = 0;
        for (std::size_t i = 0; i < loud.rows(); ++i) {
            for (std::size_t k = 0; k < kBins; ++k)
                differing += std::abs(loud.column(k)[i] - other.column(k)[i]) > 2 ? 1 : 0;
        }
        EXPECT_LE(double(differing), 1e-3 * double(loud.rows() * kBins)) << gain;
        EXPECT_NEAR(double(other.peaks(0).size()), double(loud.peaks(0).size()), 2.0) << gain;
    }
}

TEST(Clip, CountsASteadySoundForNothing) {
    const Clip clip(test::tone(1000, 3, kSampleRateHz).samples);
    for (std::size_t i = 0; i < clip.rows(); ++i) {
        for (std::size_t k = 0; k < kBins; ++k) ASSERT_NEAR(double(clip.column(k)[i]), 0.0, 1.0) << i << ", " << k;
    }
}

TEST(Clip, HasNothingWhereThereIsNothing) {
    for (const std::size_t samples :
         {std::size_t{0}, std::size_t{1}, kHopSamples / Clip::kMaxPhases, kWindowSamples - 1}) {
        const Clip clip(std::vector<float>(samples, 0.3F));
        EXPECT_EQ(clip.rows(), 0U) << samples;
        EXPECT_TRUE(clip.peaks(0).empty() && clip.peaks(1).empty()) << samples;
    }
    EXPECT_EQ(Clip(std::vector<float>(kWindowSamples, 0.3F)).rows(), 1U);
    for (const float level : {0.0F, 0.3F, std::numeric_limits<float>::quiet_NaN()}) {
        const Clip clip(std::vector<float>(30000, level));
        EXPECT_TRUE(clip.peaks(0).empty() && clip.peaks(1).empty()) << level;
        EXPECT_EQ(clip.map_deviation(), 1.0F) << level;
    }
}

}  // namespace
}  // namespace audio_ident::fingerprint
