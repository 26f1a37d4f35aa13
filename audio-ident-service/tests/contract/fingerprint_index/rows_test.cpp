#include "backends.hpp"

namespace audio_ident::test {
namespace {

using fingerprint::Fingerprint;
using fingerprint::Peak;
using index::Lookup;

class FingerprintIndexRows : public FingerprintIndexTest {
  protected:
    void SetUp() override { open(); }
};
INSTANTIATE_TEST_SUITE_P(All, FingerprintIndexRows, testing::ValuesIn(all_backends()),
                         testing::PrintToStringParamName());

TEST_P(FingerprintIndexRows, AnEmptyIndexFindsNothing) {
    expect_model();
    compact();
    expect_model();
    EXPECT_EQ(snapshot()->stats().segments, 0U);
    EXPECT_FALSE(*writer().contains(numbered_id(1), deadline_));
}

TEST_P(FingerprintIndexRows, FindsTracksAddedOneByOneAndTogether) {
    add(1, random_fingerprint(1, 900));
    expect_model();
    add({{numbered_id(2), random_fingerprint(2, 10)},
         {numbered_id(3), random_fingerprint(3, 2000)},
         {numbered_id(4), random_fingerprint(4, 300)}});
    expect_model();
    EXPECT_TRUE(*writer().contains(numbered_id(3), deadline_));
    EXPECT_FALSE(*writer().contains(numbered_id(5), deadline_));
}

TEST_P(FingerprintIndexRows, ReplacesATrackThatIsThere) {
    add({{numbered_id(1), random_fingerprint(1, 900)}, {numbered_id(2), random_fingerprint(2, 900)}});
    add(1, random_fingerprint(3, 400));
    expect_model();
    compact();
    expect_model();
}

TEST_P(FingerprintIndexRows, KeepsTheLastOfAnIdGivenTwiceInOneCall) {
    add({{numbered_id(1), random_fingerprint(1, 900)},
         {numbered_id(2), random_fingerprint(2, 500)},
         {numbered_id(1), random_fingerprint(3, 700)}});
    expect_model();
}

TEST_P(FingerprintIndexRows, FindsRemovedTracksNoMore) {
    add({{numbered_id(1), random_fingerprint(1, 900)}, {numbered_id(2), random_fingerprint(2, 900)}});
    add(3, random_fingerprint(3, 900));
    remove({numbered_id(1), numbered_id(3), numbered_id(3), numbered_id(99)});
    expect_model();
    remove({});
    remove({numbered_id(1)});
    compact();
    expect_model();
    remove({numbered_id(2)});
    compact();
    expect_model();
    EXPECT_EQ(snapshot()->stats().segments, 0U);
    add(1, random_fingerprint(1, 900));
    expect_model();
}

TEST_P(FingerprintIndexRows, IsEmptyAfterClear) {
    for (std::uint32_t i = 0; i < 6; ++i) add(i, random_fingerprint(i, 200));
    ASSERT_TRUE(writer().clear(deadline_));
    model_.clear();
    expect_model();
    add(1, random_fingerprint(1, 300));
    expect_model();
    open();
    expect_model();
}

TEST_P(FingerprintIndexRows, TakesTracksWithoutPeaks) {
    const Fingerprint silent{fingerprint::Params::kVersion, 5000, {}};
    add({{numbered_id(1), Fingerprint{}}, {numbered_id(2), silent}});
    for (std::uint32_t i = 3; i < 9; ++i) add(i, Fingerprint{});
    add(20, random_fingerprint(1, 500));
    expect_model();
    compact();
    expect_model();
    EXPECT_TRUE(*writer().contains(numbered_id(1), deadline_));
}

TEST_P(FingerprintIndexRows, ChangesNothingForAFingerprintItCannotTake) {
    add(1, random_fingerprint(1, 500));
    Fingerprint other_version = random_fingerprint(2, 100);
    ++other_version.params_version;
    Fingerprint unsorted = random_fingerprint(2, 100);
    std::swap(unsorted.peaks.front(), unsorted.peaks.back());
    Fingerprint beyond_its_end = random_fingerprint(2, 100);
    beyond_its_end.frames = beyond_its_end.peaks.back().frame;
    const Fingerprint beyond_the_band{fingerprint::Params::kVersion, 10, {{1, fingerprint::kBins, 1}}};
    for (const Fingerprint& bad : {other_version, unsorted, beyond_its_end, beyond_the_band}) {
        const std::vector<index::TrackFingerprint> tracks = {{numbered_id(1), random_fingerprint(3, 100)},
                                                             {numbered_id(2), bad}};
        const auto added = writer().add(tracks, deadline_);
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().kind, ErrorKind::invalid_input);
        expect_model();
    }
}

TEST_P(FingerprintIndexRows, FindsPlacesHoursIntoARecording) {
    constexpr std::uint32_t kDay = 24 * 3600 * 62;
    Fingerprint long_one = random_fingerprint(1, 2000);
    for (Peak& peak : long_one.peaks) peak.frame += kDay;
    long_one.frames = kDay + 2000;
    add({{numbered_id(1), random_fingerprint(2, 100)}, {numbered_id(2), long_one}});
    expect_model();
    compact();
    expect_model();
}

TEST_P(FingerprintIndexRows, FindsEveryPostingOfAKey) {
    constexpr std::uint32_t kCount = 6000;
    const index::Key key = fingerprint::make_key(100, 10, 5);
    add(1, clicks(kCount));
    add(2, clicks(kCount / 2));
    for (int i = 0; i < 2; ++i) {
        const auto now = snapshot();
        std::vector<std::uint32_t> offsets;
        const Lookup lookup{key, key, 0};
        for (std::size_t segment = 0; segment < now->segments().size(); ++segment) {
            now->find(segment, std::span(&lookup, 1), 0, offsets);
        }
        EXPECT_EQ(offsets.size(), kCount + kCount / 2);
        expect_model(2, 10);
        compact();
    }
}

TEST_P(FingerprintIndexRows, HoldsMoreFramesThanFitOneTimeline) {
    // Twelve recordings of a year each.
    for (std::uint32_t i = 0; i < 12; ++i) {
        Fingerprint year = random_fingerprint(i, 300);
        year.frames = 0x70000000;
        for (Peak& peak : year.peaks) peak.frame += year.frames - 300;
        add(i, year);
    }
    for (std::uint32_t i = 20; i < 30; ++i) add(i, random_fingerprint(i, 300));
    expect_model();
    compact();
    expect_model();
    std::vector<index::TrackFingerprint> too_long;
    for (std::uint32_t i = 0; i < 4; ++i) too_long.push_back({numbered_id(i), model_.tracks().begin()->second});
    EXPECT_EQ(writer().add(too_long, deadline_).error().kind, ErrorKind::invalid_input);
    expect_model();
}

TEST_P(FingerprintIndexRows, EveryCallKeepsToItsDeadline) {
    add(1, random_fingerprint(1, 500));
    const Deadline passed = Deadline::after(std::chrono::seconds(-1));
    const std::vector<TrackId> ids = {numbered_id(1)};
    const std::vector<index::TrackFingerprint> tracks = {{numbered_id(2), random_fingerprint(2, 100)}};
    EXPECT_EQ(writer().add(tracks, passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(writer().remove(ids, passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(writer().contains(numbered_id(1), passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(writer().tracks(passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(writer().clear(passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(writer().compact(passed).error().kind, ErrorKind::timeout);
    EXPECT_EQ(index_->reader().snapshot(passed).error().kind, ErrorKind::timeout);
    expect_model();
}

}  // namespace
}  // namespace audio_ident::test
