#include "fingerprint/extractor.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "fingerprint/landmark.hpp"
#include "support/random.hpp"
#include "support/synth.hpp"

namespace audio_ident::fingerprint {
namespace {

Fingerprint fingerprint_of(std::span<const float> samples) {
    Extractor extractor;
    extractor.consume(samples);
    return extractor.finish();
}

std::vector<Landmark> landmarks_of(const test::Clip& clip) {
    auto landmarks = reference_landmarks(fingerprint_of(clip.samples).peaks);
    std::sort(landmarks.begin(), landmarks.end());
    return landmarks;
}

/// Share of the peaks in `some` that have a peak of `others` in the same bin, at most one frame away. A look-up reaches
/// that far.
double share_found(const Fingerprint& some, const Fingerprint& others) {
    std::size_t found = 0;
    for (const Peak& peak : some.peaks) {
        found += std::any_of(others.peaks.begin(), others.peaks.end(), [&](const Peak& p) {
            return p.bin == peak.bin && p.frame + 1 >= peak.frame && p.frame <= peak.frame + 1;
        });
    }
    return double(found) / double(some.peaks.size());
}

TEST(Extractor, FindsTheDensityOfPeaksAsked) {
    const test::Clip clip = test::music(1, 10, kSampleRateHz);
    const Fingerprint fingerprint = fingerprint_of(clip.samples);
    EXPECT_EQ(fingerprint.params_version, Params::kVersion);
    EXPECT_EQ(fingerprint.frames, (clip.samples.size() - kWindowSamples) / kHopSamples + 1);
    const std::size_t buckets = (fingerprint.frames + kBucketFrames - 1) / kBucketFrames;
    EXPECT_LE(fingerprint.peaks.size(), buckets * kReferencePeaksPerBucket);
    EXPECT_GE(fingerprint.peaks.size(), buckets * kReferencePeaksPerBucket * 8 / 10);
    EXPECT_TRUE(std::is_sorted(fingerprint.peaks.begin(), fingerprint.peaks.end()));
    for (const Peak& peak : fingerprint.peaks) {
        ASSERT_LT(peak.frame, fingerprint.frames);
        ASSERT_LT(peak.bin, kBins);
    }
}

TEST(Extractor, GivesTheSameHoweverTheInputIsCut) {
    const test::Clip clip = test::music(2, 4, kSampleRateHz);
    const Fingerprint whole = fingerprint_of(clip.samples);
    test::Random random(3);
    Extractor extractor;
    for (const int longest : {1, 2, 300, 2048, 5000, 30000}) {
        std::span<const float> rest = clip.samples;
        while (!rest.empty()) {
            const auto count = std::min(rest.size(), static_cast<std::size_t>(random.below(longest)) + 1);
            extractor.consume(rest.first(count));
            extractor.consume({});
            rest = rest.subspan(count);
        }
        EXPECT_EQ(extractor.finish(), whole) << "blocks of up to " << longest;
    }
}

TEST(Extractor, StartsAnewAfterFinishAndReset) {
    const test::Clip clip = test::music(4, 3, kSampleRateHz);
    const Fingerprint once = fingerprint_of(clip.samples);
    Extractor extractor;
    extractor.consume(test::noise(5, 2.2, kSampleRateHz).samples);
    extractor.reset();
    for (int i = 0; i < 2; ++i) {
        extractor.consume(clip.samples);
        EXPECT_EQ(extractor.finish(), once);
    }
}

TEST(Extractor, FindsNothingInSilenceOrLessThanAWindow) {
    EXPECT_EQ(fingerprint_of({}), Fingerprint{});
    EXPECT_EQ(fingerprint_of(std::vector<float>(kWindowSamples - 1, 0.5F)), Fingerprint{});
    EXPECT_EQ(fingerprint_of(std::vector<float>(1, 0.5F)), Fingerprint{});
    for (const float level : {0.0F, 0.7F, -1e30F}) {
        const Fingerprint constant = fingerprint_of(std::vector<float>(50000, level));
        EXPECT_GT(constant.frames, 0U);
        EXPECT_TRUE(constant.peaks.empty()) << level;
    }
}

TEST(Extractor, TakesSamplesThatAreNotNumbersForSilence) {
    test::Clip clip = test::music(6, 3, kSampleRateHz);
    test::Clip broken = clip;
    for (std::size_t i = 500; i < clip.samples.size(); i += 1001) {
        clip.samples[i] = 0;
        broken.samples[i] =
            i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
    }
    EXPECT_EQ(fingerprint_of(broken.samples), fingerprint_of(clip.samples));
    const std::vector<float> nothing(40000, std::numeric_limits<float>::quiet_NaN());
    EXPECT_TRUE(fingerprint_of(nothing).peaks.empty());
}

TEST(Extractor, GivesAToneItsBinOnly) {
    for (const double hz : {997.3, 1003.9, 3333.0}) {
        const double bin = hz * double(kWindowSamples) / kSampleRateHz - double(kFirstBin);
        for (const Peak& peak : fingerprint_of(test::tone(hz, 5, kSampleRateHz).samples).peaks) {
            EXPECT_NEAR(double(peak.bin), bin, 1.0) << hz << " Hz at frame " << peak.frame;
        }
    }
}

TEST(Extractor, HearsAQuietRecordingLikeALoudOne) {
    // Every recording has background noise. In digital silence a quieter copy would reach the floor of the logarithm.
    const test::Clip loud = test::mix_at_snr(test::music(7, 10, kSampleRateHz), test::noise(7, 10, kSampleRateHz), 30);
    const Fingerprint reference = fingerprint_of(loud.samples);
    for (const float gain : {0.5F, 0.1F, 0.01F}) {
        EXPECT_GE(share_found(reference, fingerprint_of(test::amplify(loud, gain).samples)), 0.93) << gain;
    }
}

TEST(Extractor, LeavesOutWhatIsAllButSilent) {
    // A codec's residue far below the music has as much contrast; noise would hide it.
    const test::Clip residue = test::amplify(test::noise(10, 10, kSampleRateHz), 1e-3F);
    const test::Clip tone = test::tone(500, 10, kSampleRateHz);
    test::Clip both = tone;
    for (std::size_t i = 0; i < both.samples.size(); ++i) {
        const bool sounds = i / 4000 % 2 == 0;  // notes of a quarter second
        both.samples[i] = (sounds ? tone.samples[i] : 0.0F) + residue.samples[i];
    }
    const auto peaks = fingerprint_of(both.samples).peaks;
    const double bin = 500 * double(kWindowSamples) / kSampleRateHz - double(kFirstBin);
    const auto faint = std::count_if(peaks.begin(), peaks.end(), [&](const Peak& peak) {
        return std::abs(double(peak.bin) - bin) > double(kBoxBins);
    });
    EXPECT_GT(peaks.size(), 20U);
    EXPECT_LT(double(faint), 0.1 * double(peaks.size()));
}

TEST(Extractor, TellsRecordingsApart) {
    const auto a = landmarks_of(test::music(8, 10, kSampleRateHz));
    const auto b = landmarks_of(test::music(9, 10, kSampleRateHz));
    std::vector<Landmark> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    EXPECT_LT(double(both.size()), 0.02 * double(a.size()));
}

}  // namespace
}  // namespace audio_ident::fingerprint
