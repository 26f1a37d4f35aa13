#include "fingerprint/landmark.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <tuple>

#include "support/random.hpp"

namespace audio_ident::fingerprint {
namespace {

std::vector<Peak> random_peaks(std::uint64_t seed, std::size_t count, std::uint32_t frames, int strengths) {
    test::Random random(seed);
    std::set<Peak> peaks;
    while (peaks.size() < count) {
        peaks.insert({static_cast<std::uint32_t>(random.next() % frames),
                      static_cast<std::uint16_t>(random.next() % kBins),
                      static_cast<std::uint8_t>(random.below(strengths))});
    }
    return {peaks.begin(), peaks.end()};
}

std::vector<Peak> strongest_of_buckets(std::span<const Peak> all) {
    std::vector<Peak> kept;
    std::copy_if(all.begin(), all.end(), std::back_inserter(kept), [&](const Peak& peak) {
        const auto stronger = std::count_if(all.begin(), all.end(), [&](const Peak& other) {
            if (other.frame / kBucketFrames != peak.frame / kBucketFrames) return false;
            return other.strength != peak.strength ? other.strength > peak.strength : other < peak;
        });
        return stronger < int{kLandmarkPeaksPerBucket};
    });
    return kept;
}

std::vector<Landmark> reference(std::span<const Peak> all, std::size_t fan_out) {
    const std::vector<Peak> peaks = strongest_of_buckets(all);
    std::vector<Landmark> landmarks;
    for (const Peak& first : peaks) {
        std::vector<Peak> partners;
        for (const Peak& second : peaks) {
            const std::int64_t span = std::int64_t{second.frame} - std::int64_t{first.frame};
            if (span < int{kMinPairFrames} || span > int{kMaxPairFrames}) continue;
            if (std::abs(int{second.bin} - int{first.bin}) <= kMaxPairBins) partners.push_back(second);
        }
        std::stable_sort(partners.begin(), partners.end(), [](const Peak& a, const Peak& b) {
            return a.strength != b.strength ? a.strength > b.strength : a.frame < b.frame;
        });
        partners.resize(std::min(partners.size(), fan_out));
        for (const Peak& second : partners) {
            landmarks.push_back(
                {make_key(first.bin, int{second.bin} - int{first.bin}, second.frame - first.frame), first.frame});
        }
    }
    std::sort(landmarks.begin(), landmarks.end());
    return landmarks;
}

TEST(Landmark, KeysNumberTheirDomainWithoutGaps) {
    Key next = 0;
    for (std::uint32_t bin = 0; bin < kBins; ++bin) {
        for (int step = -kMaxPairBins; step <= kMaxPairBins; ++step) {
            for (std::uint32_t span = kMinPairFrames; span <= kMaxPairFrames; ++span) {
                ASSERT_EQ(make_key(bin, step, span), next);
                ++next;
            }
        }
    }
    EXPECT_EQ(next, kKeys);
}

TEST(Landmark, PairsEachPeakWithItsStrongestPartners) {
    for (const int strengths : {1, 4, 256}) {
        for (const std::uint32_t frames : {20U, 200U, 2000U}) {
            const auto peaks = random_peaks(frames, 600, frames, strengths);
            auto landmarks = reference_landmarks(peaks);
            EXPECT_TRUE(std::is_sorted(landmarks.begin(), landmarks.end(),
                                       [](const Landmark& a, const Landmark& b) { return a.frame < b.frame; }));
            std::sort(landmarks.begin(), landmarks.end());
            EXPECT_EQ(landmarks, reference(peaks, kReferenceFanOut)) << frames;
        }
    }
}

TEST(Landmark, NeedsAPairWithinReach) {
    const Peak peak{10, 300, 100};
    const auto pairs_with = [&](std::uint32_t frame, int bin) {
        return reference_landmarks(std::vector<Peak>{peak, {frame, static_cast<std::uint16_t>(bin), 100}}).size();
    };
    EXPECT_TRUE(reference_landmarks({}).empty());
    EXPECT_TRUE(reference_landmarks(std::vector<Peak>{peak}).empty());
    EXPECT_EQ(pairs_with(10 + kMinPairFrames - 1, 300), 0U);
    EXPECT_EQ(pairs_with(10 + kMinPairFrames, 300), 1U);
    EXPECT_EQ(pairs_with(10 + kMaxPairFrames, 300), 1U);
    EXPECT_EQ(pairs_with(10 + kMaxPairFrames + 1, 300), 0U);
    EXPECT_EQ(pairs_with(20, 300 - kMaxPairBins), 1U);
    EXPECT_EQ(pairs_with(20, 300 - kMaxPairBins - 1), 0U);
    EXPECT_EQ(pairs_with(20, 300 + kMaxPairBins), 1U);
    EXPECT_EQ(pairs_with(20, 300 + kMaxPairBins + 1), 0U);
}

TEST(Landmark, CountsFramesBeyondAnyRecording) {
    const std::uint32_t late = 0xfffffff0U - kMaxPairFrames;
    const auto landmarks = reference_landmarks(std::vector<Peak>{{late, 5, 9}, {late + 7, 6, 9}});
    EXPECT_EQ(landmarks, (std::vector<Landmark>{{make_key(5, 1, 7), late}}));
}

}  // namespace
}  // namespace audio_ident::fingerprint
