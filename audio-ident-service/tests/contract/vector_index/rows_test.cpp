#include <cmath>
#include <limits>

#include "backends.hpp"

namespace audio_ident::test {
namespace {

using VectorIndexRows = VectorIndexTest;
INSTANTIATE_TEST_SUITE_P(All, VectorIndexRows, testing::ValuesIn(all_backends()), testing::PrintToStringParamName());

TEST_P(VectorIndexRows, AnEmptyIndexFindsNothing) {
    expect_model();
    EXPECT_TRUE(writer().remove(std::vector{numbered_id(1)}, deadline_));
    EXPECT_TRUE(writer().clear(deadline_));
    const auto none = reader().vectors(std::vector{numbered_id(1)}, deadline_);
    ASSERT_TRUE(none) << none.error().message;
    ASSERT_EQ(none->size(), 1U);
    EXPECT_EQ(none->front().id, numbered_id(1));
    EXPECT_TRUE(none->front().start_seconds.empty());
}

TEST_P(VectorIndexRows, FindsTracksAddedOneByOneAndTogether) {
    add({random_vectors(1, 9, kDimension)});
    expect_model();
    add({random_vectors(2, 1, kDimension), random_vectors(3, 40, kDimension), random_vectors(4, 3, kDimension)});
    expect_model();
}

TEST_P(VectorIndexRows, FindsAChunkByItself) {
    for (std::uint32_t i = 0; i < 20; ++i) add({random_vectors(i, 10, kDimension)});
    const auto query = random_unit(7 * 1000 + 4, kDimension);
    const auto found = reader().nearest(query, 3, {}, deadline_);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->front().front().track, numbered_id(7));
    EXPECT_EQ(found->front().front().start_seconds, 20);
    EXPECT_NEAR(found->front().front().cosine, 1, kCosineError);
}

TEST_P(VectorIndexRows, LeavesTracksOut) {
    for (std::uint32_t i = 0; i < 6; ++i) add({random_vectors(i, 5, kDimension)});
    const auto query = random_unit(3 * 1000, kDimension);
    expect_finds({query}, 30, {numbered_id(3), numbered_id(5), numbered_id(99)});
    expect_finds({query}, 2, {numbered_id(3)});
}

TEST_P(VectorIndexRows, ReplacesATrackThatIsThere) {
    add({random_vectors(1, 9, kDimension), random_vectors(2, 9, kDimension)});
    auto other = random_vectors(3, 4, kDimension);
    other.id = numbered_id(1);
    add({other});
    expect_model();
    add({other});
    expect_model();
}

TEST_P(VectorIndexRows, ATrackWithoutChunksHasNone) {
    add({random_vectors(1, 9, kDimension), random_vectors(2, 0, kDimension)});
    expect_model();
    add({random_vectors(1, 0, kDimension)});
    expect_model();
}

TEST_P(VectorIndexRows, FindsRemovedTracksNoMore) {
    add({random_vectors(1, 9, kDimension), random_vectors(2, 9, kDimension), random_vectors(3, 9, kDimension)});
    remove({numbered_id(1), numbered_id(3), numbered_id(3), numbered_id(99)});
    expect_model();
    remove({});
    remove({numbered_id(2)});
    expect_model();
    add({random_vectors(1, 2, kDimension)});
    expect_model();
}

TEST_P(VectorIndexRows, IsEmptyAfterClearAndTakesTracksAgain) {
    for (std::uint32_t i = 0; i < 6; ++i) add({random_vectors(i, 5, kDimension)});
    ASSERT_TRUE(writer().clear(deadline_));
    model_.clear();
    expect_model();
    add({random_vectors(1, 5, kDimension)});
    expect_model();
    open();
    expect_model();
}

TEST_P(VectorIndexRows, KeepsWhatWasAddedAfterOpeningAgain) {
    for (std::uint32_t i = 0; i < 6; ++i) add({random_vectors(i, 5 + i, kDimension)});
    open();
    expect_model();
}

TEST_P(VectorIndexRows, AsksSeveralQueriesAtOnce) {
    for (std::uint32_t i = 0; i < 30; ++i) add({random_vectors(i, 12, kDimension)});
    std::vector<std::vector<float>> queries;
    for (std::uint64_t i = 0; i < 12; ++i) queries.push_back(random_unit(i * 3, kDimension));
    expect_finds(queries, 25);
}

TEST_P(VectorIndexRows, SpacesDoNotMix) {
    add({random_vectors(1, 9, kDimension)});
    open({"model@2", 24});
    auto found = reader().stats(deadline_);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->tracks, 0U);
    ASSERT_TRUE(writer().add(std::vector{random_vectors(2, 5, 24)}, deadline_));
    ASSERT_TRUE(writer().remove(std::vector{numbered_id(1)}, deadline_));
    EXPECT_EQ(writer().tracks(deadline_), std::vector{numbered_id(2)});
    open();
    expect_model();
    ASSERT_TRUE(writer().clear(deadline_));
    open({"model@2", 24});
    EXPECT_EQ(writer().tracks(deadline_), std::vector{numbered_id(2)});
}

TEST_P(VectorIndexRows, RefusesVectorsOfAnotherShape) {
    auto track = random_vectors(1, 3, kDimension);
    track.values.pop_back();
    const auto cut = writer().add(std::vector{track}, deadline_);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, ErrorKind::invalid_input);
    track = random_vectors(1, 3, kDimension);
    track.values[5] = std::numeric_limits<float>::quiet_NaN();
    const auto no_number = writer().add(std::vector{track}, deadline_);
    ASSERT_FALSE(no_number);
    EXPECT_EQ(no_number.error().kind, ErrorKind::invalid_input);
    const auto query = reader().nearest(std::vector<float>(kDimension + 1, 0.1F), 3, {}, deadline_);
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().kind, ErrorKind::invalid_input);
    expect_model();
}

TEST_P(VectorIndexRows, KeepsToTheDeadline) {
    add({random_vectors(1, 3, kDimension)});
    const auto past = Deadline::after(std::chrono::seconds(-1));
    const auto track = random_vectors(2, 3, kDimension);
    const auto query = random_unit(1, kDimension);
    EXPECT_EQ(writer().add(std::span(&track, 1), past).error().kind, ErrorKind::timeout);
    EXPECT_EQ(reader().nearest(query, 3, {}, past).error().kind, ErrorKind::timeout);
    expect_model();
}

}  // namespace
}  // namespace audio_ident::test
