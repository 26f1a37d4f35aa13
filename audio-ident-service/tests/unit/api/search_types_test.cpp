#include "api/search_types.hpp"

#include <gtest/gtest.h>

#include "support/tracks.hpp"
#include "util/json.hpp"

namespace audio_ident::api::wire {
namespace {

library::Match match() {
    library::Match match{{}, test::make_track(1)};
    match.recording.track = match.track.id;
    match.recording.confidence = 0.98765;
    match.recording.offset_seconds = -3.00049;
    match.recording.aligned_hashes = 42;
    match.recording.time_ratio = 1.05004;
    match.recording.matched = {{{0.005, 9.996}, 12.504}};
    match.recording.also_offsets = {12.3456};
    return match;
}

TEST(SearchTypes, NumbersAreRoundedAsTheContractShowsThem) {
    const auto words = exact_match(match());
    EXPECT_DOUBLE_EQ(words.confidence, 0.9877);
    EXPECT_DOUBLE_EQ(*words.offset_seconds, -3.0);
    EXPECT_DOUBLE_EQ(words.time_ratio, 1.05);
    ASSERT_EQ(words.matched_seconds.size(), 1U);
    EXPECT_DOUBLE_EQ(words.matched_seconds[0].end, 10.0);
    EXPECT_EQ(words.also_offset_seconds, std::vector<double>{12.346});
    EXPECT_EQ(words.track.id, match().track.id.to_string());
}

TEST(SearchTypes, ALaneThatWasNotAskedIsNull) {
    library::Identification identification;
    identification.exact = std::vector<library::Match>{match()};
    const auto response = search_response(identification, library::Mode::exact, "an id");
    EXPECT_EQ(response.request_id, "an id");
    EXPECT_EQ(response.mode_used, SearchMode::exact);
    EXPECT_EQ(response.lanes.exact, LaneState::ok);
    EXPECT_EQ(response.lanes.vibe, std::nullopt);
    EXPECT_EQ(response.exact_matches.size(), 1U);
}

TEST(SearchTypes, AnErrorSaysHowItsLaneDid) {
    library::Identification identification;
    identification.exact = std::vector<library::Match>{};
    const auto state = [&](ErrorKind kind, Reason reason) {
        identification.vibe = Unexpected(Error{kind, "", reason});
        return search_response(identification, library::Mode::both, "").lanes.vibe;
    };
    EXPECT_EQ(state(ErrorKind::timeout, Reason::search_timeout), LaneState::timeout);
    EXPECT_EQ(state(ErrorKind::not_available, Reason::lane_unavailable), LaneState::unavailable);
    EXPECT_EQ(state(ErrorKind::not_available, Reason::store_unavailable), LaneState::failed);
}

TEST(SearchTypes, AVibeMatchNamesItsModelAndHasNullForTagsThatItsModelDoesNotGive) {
    library::SoundMatch match{{.track = {}, .similarity = 0.71236, .best_moment_seconds = 12.345, .matched_chunks = 3},
                              test::make_track(2)};
    match.track.tags.clear();
    const auto words = vibe_match(match, "musicnn");
    EXPECT_DOUBLE_EQ(words.similarity, 0.7124);
    EXPECT_DOUBLE_EQ(*words.best_moment_seconds, 12.35);
    EXPECT_EQ(words.embedding_model, "musicnn");
    EXPECT_EQ(words.tags, std::nullopt);
}

}  // namespace
}  // namespace audio_ident::api::wire
