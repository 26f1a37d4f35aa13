#include <gmock/gmock.h>

#include "library/identify.hpp"
#include "support/clip_decoder.hpp"
#include "support/fake_catalog.hpp"
#include "support/tracks.hpp"
#include "unit/search/library.hpp"

// A search for every track in a recording stopped after ten minutes without a word, though the README promises every
// track in a long recording. Of a recording that is cut in a track, it told one place, and a wrong tempo.

namespace audio_ident::library {
namespace {

/// The one match of a search for every track and place.
search::RecordingMatch search_all(test::Library& songs, std::span<const test::Clip> parts) {
    test::FakeCatalog catalog;
    auto row = test::make_track(1);
    row.id = songs.id(1);
    row.state = catalog::TrackState::ready;
    if (!catalog.put({&row, 1}, {})) throw std::runtime_error("the track was not stored");
    Executor threads(2);
    const search::ExactLane exact(songs.index().reader(), threads);
    const test::ClipDecoder decoder(test::concatenate(parts));
    IdentifyRequest request;
    request.mode = Mode::exact;
    request.places = Places::all;
    const auto answer = identify({decoder, catalog, exact, {}, threads}, std::filesystem::path("evening.mp3"), request);
    if (!answer) throw std::runtime_error(answer.error().message);
    if (!*answer->exact) throw std::runtime_error(answer->exact->error().message);
    if ((*answer->exact)->size() != 1) throw std::runtime_error("not one match");
    return (*answer->exact)->front().recording;
}

class SearchAll : public testing::Test {
  protected:
    static void SetUpTestSuite() { songs_ = std::make_unique<test::Library>(2, 30); }
    static void TearDownTestSuite() { songs_.reset(); }

    static inline std::unique_ptr<test::Library> songs_;
};

TEST_F(SearchAll, FindsATrackAfterTenMinutes) {
    constexpr double kSilent = kMaxSeconds + 8;
    const test::Clip parts[] = {test::silence(kSilent, test::kRate), test::section(songs_->track(1), 5, 12)};
    const search::RecordingMatch match = search_all(*songs_, parts);
    EXPECT_EQ(match.track, songs_->id(1));
    EXPECT_NEAR(match.offset_seconds, 5 - kSilent, 0.1);
    ASSERT_FALSE(match.matched.empty());
    EXPECT_NEAR(match.matched.front().begin, kSilent, 1);
    EXPECT_NEAR(match.matched.back().end, kSilent + 12, 1);
}

TEST_F(SearchAll, TellsBothSidesOfAnEdit) {
    const test::Clip parts[] = {test::section(songs_->track(1), 5, 6), test::silence(0.25, test::kRate),
                                test::section(songs_->track(1), 11, 6)};
    const search::RecordingMatch match = search_all(*songs_, parts);
    EXPECT_NEAR(match.offset_seconds, 5, 0.02);
    EXPECT_NEAR(match.time_ratio, 1, 0.002);
    EXPECT_THAT(match.also_offsets, testing::Contains(testing::DoubleNear(4.75, 0.02)));
    ASSERT_GE(match.matched.size(), 2U);
    const search::MatchedSpan& first = match.matched.front();
    const search::MatchedSpan& last = match.matched.back();
    EXPECT_NEAR(first.place_seconds - first.begin, 5, 0.02);
    EXPECT_NEAR(last.place_seconds - last.begin, 4.75, 0.02);
    EXPECT_NEAR(last.begin, 6.25, 0.6);
    EXPECT_NEAR(last.end, 12.25, 0.6);
}

}  // namespace
}  // namespace audio_ident::library
