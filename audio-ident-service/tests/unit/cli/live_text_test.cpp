#include "cli/live_text.hpp"

#include <gmock/gmock.h>

#include "api/live_types.hpp"
#include "support/tracks.hpp"

namespace audio_ident::cli {
namespace {

const live::Play kPlay{.number = 2,
                       .track = {},
                       .confidence = 0.9876543,
                       .began_seconds = 61.5,
                       .place_seconds = 12.34567,
                       .time_ratio = 1.0000004,
                       .pitch_ratio = 1,
                       .aligned = 40};

catalog::Track song() {
    auto track = test::make_track(1);
    track.title = "Song";
    track.artist = "Band";
    return track;
}

TEST(LiveTextTest, TellsWhenATrackBeginsAndEnds) {
    EXPECT_EQ(live_line({live::Match{63, 1.5, kPlay}, {song()}}),
              "1:01.5  begins  Band – Song at 0:12.3, certain (98 %), after 1.5 s");
    EXPECT_EQ(live_line({live::End{90, 81.5, false, kPlay}, {song()}}), "1:21.5  ends    Band – Song, 20 s");
    EXPECT_EQ(live_line({live::End{90, 81.5, true, kPlay}, {song()}}),
              "1:30.0  wrong   Band – Song: it is something else");
    EXPECT_EQ(live_line({live::Level{1, -20, -3}}), "");
}

TEST(LiveTextTest, JsonIsRoundedAndNullWhereTheEventHasNothing) {
    using namespace api::wire;
    using testing::HasSubstr;
    using testing::StartsWith;
    EXPECT_THAT(live_text(live_event({live::Level{0.5, -20.04, -3.21}})),
                StartsWith(R"({"event":"level","at":0.5,"level_db":-20,"peak_db":-3.2,"window_seconds":null)"));
    EXPECT_THAT(live_text(live_event({live::Listening{2, 1.5}})), HasSubstr(R"("window_seconds":1.5)"));
    EXPECT_THAT(live_text(live_finished(12.345, 1)), StartsWith(R"({"event":"finished","at":12.35,)"));
    EXPECT_THAT(live_text(live_error(0, Error{ErrorKind::invalid_input, "no", Reason::audio_too_short})),
                HasSubstr(R"("code":"AUDIO_TOO_SHORT","message":"no")"));
    const auto match = live_event({live::Match{63, 1.5, kPlay}, {song()}});
    EXPECT_EQ(match.event, LiveEventKind::match);
    EXPECT_EQ(match.play->track.title, "Song");
    EXPECT_EQ(match.play->offset_seconds, 12.346);
    EXPECT_EQ(match.play->confidence, 0.9877);
    EXPECT_EQ(match.play->time_ratio, 1);
    EXPECT_FALSE(match.ended);
}

}  // namespace
}  // namespace audio_ident::cli
