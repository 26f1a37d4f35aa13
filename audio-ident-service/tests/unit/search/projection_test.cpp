#include "search/projection.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "support/synth.hpp"

namespace audio_ident::search {
namespace {

using fingerprint::Clip;
using fingerprint::Peak;

Clip clip_of_noise(std::size_t phases) {
    return Clip(test::noise(1, 3, fingerprint::kSampleRateHz).samples, phases);
}

Projection project(const Clip& clip, std::vector<Peak> peaks, double offset_frames = 0,
                   fingerprint::Transform transform = {}) {
    return Projection(clip, peaks, offset_frames, transform, {0, static_cast<int>(clip.rows())});
}

Peak peak_at(std::uint32_t frame, std::uint16_t bin) {
    Peak peak{};
    peak.frame = frame;
    peak.bin = bin;
    return peak;
}

float z_of(const Clip& clip, int sum, std::uint32_t peaks) {
    return static_cast<float>(sum) / (clip.map_deviation() * std::sqrt(static_cast<float>(peaks + kFewPeaks)));
}

TEST(Projection, ScoresTheMapUnderTheTracksPeaks) {
    const Clip clip = clip_of_noise(1);
    const auto projection = project(clip, {peak_at(110, 40), peak_at(120, 300)}, 100);
    EXPECT_EQ(projection.score().peaks, 2U);
    EXPECT_FLOAT_EQ(projection.score().z, z_of(clip, clip.column(40)[10] + clip.column(300)[20], 2));
}

TEST(Projection, HasTwoRowsAFrameWhereTheClipHasTwoPhases) {
    const Clip clip = clip_of_noise(2);
    EXPECT_FLOAT_EQ(project(clip, {peak_at(30, 5)}).score().z, z_of(clip, clip.column(5)[60], 1));
}

TEST(Projection, PeaksBesideTheClipCountForNothing) {
    const Clip clip = clip_of_noise(1);
    const auto projection = project(clip, {peak_at(5, 40), peak_at(1000, 40)}, 100);
    EXPECT_EQ(projection.score().peaks, 0U);
    EXPECT_EQ(projection.score().z, 0.0F);
}

TEST(Projection, ATransformMovesRowsAndBins) {
    const Clip clip = clip_of_noise(1);
    // Twice as fast: a frame of the track is half a row. An octave up: twice the frequency.
    const std::uint16_t bin = 50;
    const auto twice = static_cast<std::size_t>((bin + fingerprint::kFirstBin) * 2 - fingerprint::kFirstBin);
    const auto projection = project(clip, {peak_at(80, bin)}, 0, {2, 2});
    EXPECT_FLOAT_EQ(projection.score().z, z_of(clip, clip.column(twice)[40], 1));
    EXPECT_TRUE(project(clip, {peak_at(80, 600)}, 0, {1, 2}).targets().empty()) << "beyond the last bin";
}

TEST(Projection, PeaksThatATransformMovesOutOfTheMapAreLeftOut) {
    const Clip clip = clip_of_noise(1);
    const auto bins_of = [&](float pitch) {
        std::vector<int> bins;
        const auto projection =
            project(clip, {peak_at(1, 3), peak_at(1, 50), peak_at(2, 300), peak_at(3, 614)}, 0, {1, pitch});
        for (const auto& target : projection.targets()) bins.push_back(target.bin);
        return bins;
    };
    const auto moved = [](int bin, double pitch) {
        return static_cast<int>(std::floor((bin + fingerprint::kFirstBin) * pitch - fingerprint::kFirstBin + 0.5));
    };
    EXPECT_EQ(bins_of(1), (std::vector<int>{3, 50, 300, 614}));
    EXPECT_EQ(bins_of(0.5F), (std::vector<int>{moved(50, 0.5), moved(300, 0.5), moved(614, 0.5)})) << "below the first";
    EXPECT_EQ(bins_of(1.5F), (std::vector<int>{moved(3, 1.5), moved(50, 1.5), moved(300, 1.5)})) << "above the last";
}

TEST(Projection, ScoresAroundAreThoseOfEachShift) {
    const Clip clip = clip_of_noise(2);
    std::vector<Peak> peaks;
    for (std::uint32_t frame = 0; frame < 200; frame += 3)
        peaks.push_back(peak_at(frame, static_cast<std::uint16_t>(frame * 7 % fingerprint::kBins)));
    const auto projection = project(clip, peaks, 4.25);
    const auto around = projection.scores_around();
    for (int shift = -Projection::kReachRows; shift <= Projection::kReachRows; ++shift) {
        // scores_around() moves the clip: its first entry is the clip moved back.
        const auto& score = around.at(static_cast<std::size_t>(shift + Projection::kReachRows));
        EXPECT_FLOAT_EQ(score.z, projection.score(static_cast<float>(shift)).z) << shift;
        EXPECT_EQ(score.peaks, projection.score(static_cast<float>(shift)).peaks) << shift;
    }
}

TEST(Projection, OnlyTheRowsAskedForCount) {
    const Clip clip = clip_of_noise(1);
    const std::vector<Peak> peaks = {peak_at(10, 40), peak_at(50, 40)};
    const Projection projection(clip, peaks, 0, {}, {0, 50});
    EXPECT_EQ(projection.score().peaks, 1U);
    EXPECT_TRUE(projection.is_inside(projection.targets()[0]));
    EXPECT_FALSE(projection.is_inside(projection.targets()[1]));
}

}  // namespace
}  // namespace audio_ident::search
