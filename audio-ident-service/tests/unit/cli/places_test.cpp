#include "cli/places.hpp"

#include <gmock/gmock.h>

namespace audio_ident::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

library::Match match(double offset, std::vector<search::MatchedSpan> matched = {}, std::vector<double> also = {}) {
    library::Match match;
    match.track.duration_seconds = 45.8;
    match.recording.offset_seconds = offset;
    match.recording.matched = std::move(matched);
    match.recording.also_offsets = std::move(also);
    return match;
}

TEST(PlaceText, IsTheSecondOfTheTrack) {
    EXPECT_EQ(place_text(match(7.52)), "at 0:07.5 of 0:45.8");
    EXPECT_EQ(place_text(match(0)), "at 0:00.0 of 0:45.8");
    EXPECT_EQ(place_text(match(-0.04)), "at 0:00.0 of 0:45.8");
}

TEST(PlaceText, ATrackThatBeginsLaterIsPlacedInTheClip) {
    EXPECT_EQ(place_text(match(-3)), "begins 3.0 s into the clip");
    auto fast = match(-3.15);
    fast.recording.time_ratio = 1.05;
    EXPECT_EQ(place_text(fast), "begins 3.0 s into the clip");
}

TEST(StretchesText, ATrackThatIsPlayedTwiceHasALineEach) {
    EXPECT_THAT(stretches_text(match(0, {{{0.1, 45.7}, 0.1}, {{45.9, 91.5}, 0.1}}, {-45.8})),
                ElementsAre("from 0:00.1 to 0:45.7 of the clip: the track from 0:00.1",
                            "from 0:45.9 to 1:31.5 of the clip: the track from 0:00.1"));
    EXPECT_THAT(stretches_text(match(-45.8, {{{0.1, 91.5}, 0.1}}, {0})),
                ElementsAre("from 0:00.1 to 0:45.8 of the clip: the track from 0:00.1",
                            "from 0:45.8 to 1:31.5 of the clip: the track from 0:00.0"))
        << "in the order of the clip";
}

TEST(StretchesText, PlacesThatShareAStretchShareALine) {
    EXPECT_THAT(stretches_text(match(10, {{{0, 5.8}, 10}}, {30, 20})),
                ElementsAre("from 0:00.0 to 0:05.8 of the clip: the track from 0:10.0, also from 0:30.0, also from "
                            "0:20.0"));
}

TEST(StretchesText, AnEditHasALineForEachSide) {
    EXPECT_THAT(stretches_text(match(20, {{{0, 6}, 20}, {{6.5, 12}, 26.25}}, {19.75})),
                ElementsAre("from 0:00.0 to 0:06.0 of the clip: the track from 0:20.0",
                            "from 0:06.5 to 0:12.0 of the clip: the track from 0:26.3"));
}

TEST(StretchesText, NothingIsSaidWithoutStretches) {
    EXPECT_THAT(stretches_text(match(10)), IsEmpty());
}

}  // namespace
}  // namespace audio_ident::cli
