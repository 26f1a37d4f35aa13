#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <optional>
#include <vector>

#include "library.hpp"
#include "search/confidence.hpp"
#include "search/judged.hpp"
#include "search/ranking.hpp"
#include "search/refined.hpp"

namespace audio_ident::search {
namespace {

// The stages by themselves: a clip whose place is known is placed, refined and judged.
class Verification : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        library_ = std::make_unique<test::Library>(2, 30);
        auto opened = library_->index().reader().snapshot(Deadline());
        if (!opened) throw std::runtime_error(opened.error().message);
        snapshot_ = std::move(*opened);
    }
    static void TearDownTestSuite() {
        snapshot_.reset();
        library_.reset();
    }

    static index::Location location_of(const index::FingerprintSnapshot& snapshot, const TrackId& id) {
        for (std::uint32_t position = 0; position < snapshot.segments()[0].frames; position += 100) {
            const auto found = snapshot.locate(0, position);
            if (found && snapshot.track_id(found->track) == id) return *found;
        }
        throw std::runtime_error("no such track");
    }
    static index::Location location_of(std::uint32_t number) { return location_of(*snapshot_, library_->id(number)); }
    static Candidate candidate_at(const index::Location& track, double seconds) {
        Candidate candidate{};
        candidate.segment = 0;
        candidate.offset = std::int64_t{track.begin} + std::lround(seconds * fingerprint::kFramesPerSecond);
        candidate.votes = 10;
        return candidate;
    }

    static inline std::unique_ptr<test::Library> library_;
    static inline std::unique_ptr<index::FingerprintSnapshot> snapshot_;
};

TEST_F(Verification, ACandidateIsPlacedWhereItFitsBest) {
    const fingerprint::Clip clip(test::section(library_->track(1), 10, 5).samples);
    const Comparison comparison(*snapshot_, clip);
    const auto track = location_of(1);
    const auto placed = place(comparison, candidate_at(track, 10.03), {});
    ASSERT_EQ(placed.size(), 1U);
    EXPECT_NEAR(placed[0].offset_seconds(), 10, 0.01);
    EXPECT_EQ(placed[0].votes, 10);
    EXPECT_GT(placed[0].z, 8);
    EXPECT_TRUE(place(comparison, candidate_at(track, 1e6), {}).empty()) << "beyond the last track";
}

TEST_F(Verification, RefiningFindsTheSpeed) {
    const fingerprint::Clip clip(test::faster(test::section(library_->track(0), 8, 6), 1.009).samples);
    const Comparison comparison(*snapshot_, clip);
    const auto placed = place(comparison, candidate_at(location_of(0), 8), {});
    ASSERT_EQ(placed.size(), 1U);
    const Refined refined = refine(comparison, placed[0]);
    EXPECT_GT(refined.z, placed[0].z);
    EXPECT_NEAR(refined.transform.time, 1.009, 0.002);
    EXPECT_NEAR(refined.offset_seconds(), 8, 0.02);
}

TEST_F(Verification, RefiningKeepsTheRecordedSpeed) {
    const fingerprint::Clip clip(test::section(library_->track(0), 8, 4).samples);
    const Comparison comparison(*snapshot_, clip);
    const Refined refined = refine(comparison, place(comparison, candidate_at(location_of(0), 8), {}).at(0));
    EXPECT_EQ(refined.transform, fingerprint::Transform{});
}

TEST_F(Verification, TheRightPlaceIsJudgedSharp) {
    const fingerprint::Clip clip(test::section(library_->track(0), 12, 5).samples);
    const Comparison comparison(*snapshot_, clip);
    const Judged right = judge(comparison, place(comparison, candidate_at(location_of(0), 12), {}).at(0));
    const Judged wrong = judge(comparison, place(comparison, candidate_at(location_of(1), 12), {}).at(0));
    EXPECT_GT(right.sharpness, 3);
    EXPECT_GT(right.explained, 0.4F);
    EXPECT_GT(right.coherence, 0.9F);
    EXPECT_LT(wrong.sharpness, right.sharpness / 2);
    EXPECT_LT(wrong.explained, right.explained / 2);
    ASSERT_EQ(right.spans.size(), 1U);
    EXPECT_NEAR(right.spans[0].end - right.spans[0].begin, 5, 0.6);
}

/// Music behind a wall: only what lies below `hertz`, by a filter of 64 ms.
test::Clip dark(const test::Clip& clip, double hertz) {
    constexpr int kReach = 512;
    std::vector<double> filter;
    for (int k = -kReach; k <= kReach; ++k) {
        const double x = 2 * M_PI * hertz / test::kRate * k;
        filter.push_back((k == 0 ? 1 : std::sin(x) / x) * (0.5 + 0.5 * std::cos(M_PI * k / kReach)));
    }
    test::Clip result = test::amplify(clip, 0);
    for (std::size_t i = kReach; i + kReach < clip.samples.size(); ++i) {
        const auto* around = &clip.samples[i - kReach];
        result.samples[i] = static_cast<float>(std::inner_product(filter.begin(), filter.end(), around, 0.0) * 0.01);
    }
    return result;
}

// Most of the clip's peaks are noise above the music: they say nothing about a track that has nothing there.
TEST_F(Verification, DarkMusicInNoiseIsJudgedInItsOwnBand) {
    test::Library library({dark(test::music(1, 20, test::kRate), 500), dark(test::music(2, 20, test::kRate), 500)});
    const auto snapshot = library.index().reader().snapshot(Deadline());
    ASSERT_TRUE(snapshot.has_value());
    const fingerprint::Clip clip(
        test::mix_at_snr(test::section(library.track(0), 8, 5), test::noise(3, 5, test::kRate), 0).samples);
    const Comparison comparison(**snapshot, clip);
    const auto explained = [&](std::uint32_t number) {
        const auto track = location_of(**snapshot, library.id(number));
        return judge(comparison, place(comparison, candidate_at(track, 8), {}).at(0)).explained;
    };
    EXPECT_GT(explained(0), 0.2F);
    EXPECT_LT(explained(1), 0.1F);
}

TEST_F(Verification, APartThatAgreesIsRefinedByItself) {
    const test::Clip parts[] = {test::section(library_->track(0), 5, 4), test::noise(9, 8, test::kRate, 0.3)};
    const fingerprint::Clip clip(test::concatenate(parts).samples);
    const Comparison comparison(*snapshot_, clip);
    const Judged match = judge(comparison, place(comparison, candidate_at(location_of(0), 5), {}).at(0));
    const auto refined = refine_by_matched_part(comparison, match);
    ASSERT_TRUE(refined.has_value());
    EXPECT_NEAR(refined->offset_seconds(), 5, 0.05);
    const fingerprint::Clip whole(test::section(library_->track(0), 5, 6).samples);
    const Comparison of_whole(*snapshot_, whole);
    const Judged all = judge(of_whole, place(of_whole, candidate_at(location_of(0), 5), {}).at(0));
    EXPECT_FALSE(refine_by_matched_part(of_whole, all).has_value()) << "most of the clip agrees";
}

// A stranger fits the only track of a library by chance. No other track stands beside it, and that made it sure.
TEST(Confidence, ALibraryOfOneTrackDoesNotSpeakForAMatch) {
    Judged chance;
    chance.z = 6.6F;
    chance.sharpness = 4;
    chance.pitch_sharpness = 5.8F;
    chance.votes = 2;
    chance.peaks = 400;
    chance.hits = 64;
    chance.coherence = 0.7F;
    chance.balance = 0.48F;
    chance.explained = 0.16F;
    chance.transform = {0.96F, 0.86F};
    EXPECT_LT(confidence_of(features_of(chance, {chance}, 5, 0.01)), kDefaultMinConfidence);

    Judged right = chance;
    right.z = 25;
    right.sharpness = 12;
    right.pitch_sharpness = 12;
    right.votes = 40;
    right.hits = 250;
    right.coherence = 1;
    right.explained = 0.5F;
    EXPECT_GT(confidence_of(features_of(right, {right}, 5, 0.01)), 0.99);
}

}  // namespace
}  // namespace audio_ident::search
