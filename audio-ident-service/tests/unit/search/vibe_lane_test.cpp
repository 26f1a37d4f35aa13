#include "search/vibe_lane.hpp"

#include <gtest/gtest.h>

#include "support/fake_vector_index.hpp"
#include "support/vectors.hpp"

namespace audio_ident::search {
namespace {

using test::numbered_id;
using test::random_unit;

constexpr std::size_t kDimension = 64;

/// A unit vector that has this cosine with `from`, and is otherwise random.
std::vector<float> near(const std::vector<float>& from, double cosine, std::uint64_t seed) {
    std::vector<float> other = random_unit(seed, kDimension);
    const double along = test::cosine(from, other);
    double squares = 0;
    for (std::size_t i = 0; i < kDimension; ++i) {
        other[i] -= static_cast<float>(along * from[i]);
        squares += double(other[i]) * other[i];
    }
    for (std::size_t i = 0; i < kDimension; ++i)
        other[i] =
            static_cast<float>(cosine * from[i] + std::sqrt(1 - cosine * cosine) * other[i] / std::sqrt(squares));
    return other;
}

class VibeLaneTest : public testing::Test {
  protected:
    static constexpr std::size_t kChunks = 20;

    /// A track with one chunk every 5 s. All chunks are random except the given ones.
    void add(std::uint32_t number, const std::map<std::size_t, std::vector<float>>& chunks = {},
             std::uint64_t seed = 0) {
        auto track = test::random_vectors(number, kChunks, kDimension);
        if (seed != 0)
            track.values = test::random_vectors(static_cast<std::uint32_t>(seed), kChunks, kDimension).values;
        for (const auto& [at, row] : chunks)
            std::copy(row.begin(), row.end(), track.values.begin() + static_cast<std::ptrdiff_t>(at * kDimension));
        index_.add(std::move(track));
    }
    static std::vector<embedding::Chunk> clip(const std::vector<std::vector<float>>& windows) {
        std::vector<embedding::Chunk> chunks;
        for (const auto& row : windows) chunks.push_back({5.0 * double(chunks.size()), -20, row});
        return chunks;
    }
    std::vector<SoundAlike> search(const std::vector<embedding::Chunk>& windows, VibeOptions options = {}) {
        auto found = VibeLane(index_, kScale).search(windows, options);
        if (!found) throw std::runtime_error(found.error().message);
        return std::move(*found);
    }

    static constexpr SimilarityScale kScale{.typical = 0.2, .near = 0.5, .very_near = 0.8, .tracks = 100};
    test::FakeVectorIndex index_;
    const std::vector<float> sound_ = random_unit(77, kDimension);
    const std::vector<float> other_sound_ = random_unit(78, kDimension);
};

TEST_F(VibeLaneTest, NearerTracksComeFirst) {
    for (std::uint32_t i = 0; i < 40; ++i) add(i);
    add(50, {{3, near(sound_, 0.75, 1)}, {4, near(sound_, 0.75, 2)}, {5, near(sound_, 0.75, 3)}});
    add(51, {{7, near(sound_, 0.9, 4)}, {8, near(sound_, 0.9, 5)}, {9, near(sound_, 0.9, 6)}});
    const auto found = search(clip({sound_}));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].track, numbered_id(51));
    EXPECT_EQ(found[1].track, numbered_id(50));
    EXPECT_NEAR(found[0].similarity, kScale.similarity(0.9), 0.001);
    EXPECT_EQ(found[0].matched_chunks, 3U);
}

TEST_F(VibeLaneTest, OneLuckyChunkCountsLessThanThree) {
    add(1, {{3, near(sound_, 0.95, 1)}});
    add(2, {{3, near(sound_, 0.85, 2)}, {4, near(sound_, 0.85, 3)}, {5, near(sound_, 0.85, 4)}});
    const auto found = search(clip({sound_}), {.min_similarity = 0.3});
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].track, numbered_id(2));
}

TEST_F(VibeLaneTest, ThePieceItselfIsFoundWhereNothingElseInTheTrackIsLikeIt) {
    add(1, {{3, near(sound_, 0.98, 1)}});
    add(2);
    const auto found = search(clip({sound_}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].track, numbered_id(1));
    EXPECT_GE(found[0].similarity, kDefaultMinSimilarity);
    EXPECT_EQ(found[0].best_moment_seconds, 15);
}

TEST_F(VibeLaneTest, APieceThatLiesInOnePlaceIsNearerThanItsPartsHereAndThere) {
    const auto windows = std::vector{sound_, other_sound_};
    add(1, {{3, near(sound_, 0.9, 1)}, {4, near(other_sound_, 0.9, 2)}});
    add(2, {{3, near(sound_, 0.9, 3)}, {12, near(other_sound_, 0.9, 4)}});
    const auto found = search(clip(windows), {.min_similarity = 0.1});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].track, numbered_id(1));
    EXPECT_GT(found[0].similarity, found[1].similarity + 0.1);
}

TEST_F(VibeLaneTest, SeveralMomentsCountALittleMore) {
    std::map<std::size_t, std::vector<float>> together;
    std::map<std::size_t, std::vector<float>> apart;
    for (std::size_t i = 0; i < 3; ++i) {
        together[8 + i] = near(sound_, 0.85, i);
        apart[2 + 6 * i] = near(sound_, 0.85, 10 + i);
    }
    add(1, together);
    add(2, apart);
    const auto found = search(clip({sound_}));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].track, numbered_id(2));
    EXPECT_NEAR(found[0].similarity - found[1].similarity, 0.01, 0.011);
    EXPECT_GT(found[0].similarity, found[1].similarity);
}

TEST_F(VibeLaneTest, TheBestMomentIsWhereTheClipsWindowsFollowEachOther) {
    std::vector<std::vector<float>> windows;
    for (std::uint64_t i = 0; i < 4; ++i) windows.push_back(random_unit(900 + i, kDimension));
    std::map<std::size_t, std::vector<float>> chunks;
    for (std::size_t i = 0; i < 4; ++i) chunks[9 + i] = near(windows[i], 0.9, i);
    chunks[2] = near(windows[0], 0.97, 9);  // only the beginning of the clip sounds more like this
    add(1, chunks);
    add(2);
    const auto found = search(clip(windows), {.min_similarity = 0.1});
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].track, numbered_id(1));
    EXPECT_EQ(found[0].best_moment_seconds, 45);
}

TEST_F(VibeLaneTest, LoudWindowsCountMore) {
    add(1, {{3, near(sound_, 0.9, 1)}, {4, near(sound_, 0.9, 2)}, {5, near(sound_, 0.9, 3)}});
    add(2, {{3, near(other_sound_, 0.9, 4)}, {4, near(other_sound_, 0.9, 5)}, {5, near(other_sound_, 0.9, 6)}});
    auto windows = clip({sound_, other_sound_});
    windows[0].level_db = -45;
    EXPECT_EQ(search(windows, {.min_similarity = 0.1}).front().track, numbered_id(2));
    windows[0].level_db = -20;
    windows[1].level_db = -45;
    EXPECT_EQ(search(windows, {.min_similarity = 0.1}).front().track, numbered_id(1));
    // A window 50 dB below the loudest one does not count at all.
    windows[1].level_db = -70;
    const auto found = search(windows);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0].similarity, kScale.similarity(0.9), 0.001);
}

TEST_F(VibeLaneTest, TheThresholdLeavesOutWhatIsNotSimilar) {
    for (std::uint32_t i = 0; i < 10; ++i) add(i);
    add(50, {{3, near(sound_, 0.6, 1)}, {4, near(sound_, 0.6, 2)}, {5, near(sound_, 0.6, 3)}});
    EXPECT_EQ(search(clip({sound_})).size(), 1U);
    EXPECT_TRUE(search(clip({sound_}), {.min_similarity = 0.7}).empty());
    EXPECT_EQ(search(clip({sound_}), {.max_results = 50, .min_similarity = 0}).size(), 11U);
}

TEST_F(VibeLaneTest, TheSameMusicUnderTwoNamesIsNamedOnce) {
    add(1, {{3, sound_}, {4, near(sound_, 0.9, 2)}, {5, near(sound_, 0.9, 3)}}, 500);
    add(2, {{3, near(sound_, 0.99, 7)}, {4, near(sound_, 0.9, 2)}, {5, near(sound_, 0.9, 3)}}, 500);
    add(3, {{3, near(sound_, 0.8, 4)}, {4, near(sound_, 0.8, 5)}, {5, near(sound_, 0.8, 6)}});
    const auto found = search(clip({sound_}));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].track, numbered_id(1));
    EXPECT_EQ(found[1].track, numbered_id(3));
    const auto similar = VibeLane(index_, kScale).similar(numbered_id(1), 15, {});
    ASSERT_TRUE(similar && *similar);
    ASSERT_EQ((*similar)->size(), 1U) << "the copy is what was asked for";
    EXPECT_EQ((*similar)->front().track, numbered_id(3));
}

TEST_F(VibeLaneTest, DiverseTracksAreNotAllAlike) {
    // Tracks 1 to 4 are variations of one piece, 5 is less similar to the clip and unlike them.
    const auto base = test::random_vectors(600, kChunks, kDimension);
    for (std::uint32_t i = 1; i <= 4; ++i) {
        std::map<std::size_t, std::vector<float>> chunks;
        for (std::size_t c = 0; c < kChunks; ++c) {
            const std::vector<float> row(base.values.begin() + std::ptrdiff_t(c * kDimension),
                                         base.values.begin() + std::ptrdiff_t((c + 1) * kDimension));
            chunks[c] = near(row, 0.9, i * 100 + c);
        }
        for (std::size_t c = 3; c < 6; ++c) chunks[c] = near(sound_, 0.92 - 0.01 * i, i * 10 + c);
        add(i, chunks);
    }
    add(5, {{3, near(sound_, 0.82, 94)}, {4, near(sound_, 0.82, 95)}, {5, near(sound_, 0.82, 96)}});
    const auto nearest = search(clip({sound_}), {.max_results = 2});
    ASSERT_EQ(nearest.size(), 2U);
    EXPECT_EQ(nearest[1].track, numbered_id(2));
    const auto diverse = search(clip({sound_}), {.max_results = 2, .order = Order::diverse});
    ASSERT_EQ(diverse.size(), 2U);
    EXPECT_EQ(diverse[0].track, numbered_id(1));
    EXPECT_EQ(diverse[1].track, numbered_id(5));
}

TEST_F(VibeLaneTest, SilenceSoundsLikeNothing) {
    add(1);
    EXPECT_TRUE(search({}).empty());
}

TEST_F(VibeLaneTest, SimilarToAMomentOfATrackIsNotTheTrackItself) {
    add(1, {{4, sound_}, {5, sound_}, {6, sound_}, {15, other_sound_}, {16, other_sound_}, {17, other_sound_}});
    add(2, {{3, near(sound_, 0.9, 1)}, {4, near(sound_, 0.9, 2)}, {5, near(sound_, 0.9, 3)}});
    add(3, {{8, near(other_sound_, 0.9, 4)}, {9, near(other_sound_, 0.9, 5)}, {10, near(other_sound_, 0.9, 6)}});
    const VibeLane lane(index_, kScale);
    const auto early = lane.similar(numbered_id(1), 21.0, {});
    ASSERT_TRUE(early && *early);
    ASSERT_EQ((*early)->size(), 1U);
    EXPECT_EQ((*early)->front().track, numbered_id(2));
    const auto late = lane.similar(numbered_id(1), 76.0, {});
    ASSERT_TRUE(late && *late);
    ASSERT_EQ((*late)->size(), 1U);
    EXPECT_EQ((*late)->front().track, numbered_id(3));
    const auto whole = lane.similar(numbered_id(1), std::nullopt, {.min_similarity = 0.2});
    ASSERT_TRUE(whole && *whole);
    EXPECT_EQ((*whole)->size(), 2U);
    const auto none = lane.similar(numbered_id(9), std::nullopt, {});
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
}

TEST_F(VibeLaneTest, AFailingIndexIsTheLanesFailure) {
    add(1);
    index_.fail_with({ErrorKind::not_available, "gone", {}});
    const auto found = VibeLane(index_, kScale).search(clip({sound_}), {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::search
