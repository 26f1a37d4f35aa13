#include "monitor/plays/ledger.hpp"

#include <gmock/gmock.h>

namespace audio_ident::monitor {
namespace {

using catalog::PlayChanges;
using catalog::PlayRow;
using std::chrono::seconds;

const Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 28) + std::chrono::hours(9)};
const TrackId kBlue = TrackId::random();
const TrackId kRed = TrackId::random();

Timestamp at(double second) {
    return kStart + std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::duration<double>(second));
}

/// A track that plays from `begin` to `end`, at its own speed, from this place on.
HeardPlay heard(const TrackId& track, double begin, double end, double place) {
    return {.track = track,
            .begin = at(begin),
            .end = at(end),
            .place_seconds = place,
            .end_place_seconds = place + end - begin,
            .confidence = 0.95};
}

/// A ledger, and a store that keeps what it says.
class LedgerTest : public testing::Test {
  protected:
    void hear(std::vector<HeardPlay> plays, double until) {
        keep(ledger_.hear(
            plays, at(until),
            [&](const TrackId& track) -> std::optional<KnownTrack> {
                if (gone_ == track) return std::nullopt;
                return KnownTrack{track == kBlue ? "Blue" : "Red", "Band", 120};
            },
            hint_));
    }
    void keep(const PlayChanges& changes) {
        for (const auto& id : changes.removed) std::erase_if(rows_, [&](const auto& row) { return row.id == id; });
        for (const auto& row : changes.put) {
            std::erase_if(rows_, [&](const auto& known) { return known.id == row.id; });
            rows_.push_back(row);
            ++writes_;
        }
        std::ranges::sort(rows_, {}, &PlayRow::started_at);
    }
    /// As after kill -9.
    void start_again() { ledger_ = Ledger(monitor_, rows_); }

    Uuid monitor_ = Uuid::random();
    Ledger ledger_{monitor_, {}};
    std::vector<PlayRow> rows_;
    int writes_ = 0;
    std::optional<std::string> hint_;
    std::optional<TrackId> gone_;
};

TEST_F(LedgerTest, neighbours_at_the_place_that_the_track_has_reached_are_one_play) {
    hear({heard(kBlue, 10, 17, 0), heard(kBlue, 17.5, 40, 7.5)}, 40);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].started_at, at(10));
    EXPECT_EQ(rows_[0].ended_at, at(40));
    EXPECT_DOUBLE_EQ(rows_[0].end_place_seconds, 30);
    hear({heard(kBlue, 10, 17, 0), heard(kBlue, 17.5, 60, 7.5)}, 60);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].ended_at, at(60));
}

TEST_F(LedgerTest, a_track_that_is_not_recognised_for_a_while_is_one_play) {
    hear({heard(kBlue, 10, 13, 20), heard(kBlue, 32, 48, 42)}, 48);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].ended_at, at(48));
}

TEST_F(LedgerTest, two_lines_beside_each_other_are_one_play) {
    hear({heard(kBlue, 10, 40, 20), heard(kBlue, 21, 26, 31)}, 40);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].ended_at, at(40));
}

TEST_F(LedgerTest, neighbours_at_another_place_are_two_plays) {
    hear({heard(kBlue, 10, 30, 0), heard(kBlue, 30.5, 50, 0)}, 50);
    EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(LedgerTest, APlayBeginsGrowsAndIsFinal) {
    hint_ = "Band - Something";
    hear({heard(kBlue, 10, 15, 3)}, 15);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].title, "Blue");
    EXPECT_EQ(rows_[0].artist, "Band");
    EXPECT_EQ(rows_[0].hint, "Band - Something");
    EXPECT_EQ(rows_[0].monitor, monitor_);
    EXPECT_FALSE(rows_[0].final);
    hear({heard(kBlue, 9, 60, 2)}, 60);
    hear({heard(kBlue, 9, 60, 2)}, 60 + 149);
    EXPECT_FALSE(rows_[0].final);
    hear({heard(kBlue, 9, 60, 2)}, 60 + 151);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_TRUE(rows_[0].final);
    EXPECT_EQ(rows_[0].started_at, at(9));
    EXPECT_EQ(rows_[0].ended_at, at(60));
    EXPECT_EQ(rows_[0].place_seconds, 2);
}

TEST_F(LedgerTest, IsNotStoredForEachSecond) {
    for (int second = 15; second <= 75; second += 5) hear({heard(kBlue, 10, second, 3)}, second);
    EXPECT_LE(writes_, 6);
    EXPECT_GE(rows_[0].ended_at, at(60));
}

TEST_F(LedgerTest, StoresTheEndOfAPlayThatIsOver) {
    hear({heard(kBlue, 10, 30, 3)}, 30);
    hear({heard(kBlue, 10, 36, 3)}, 40);
    hear({heard(kBlue, 10, 36, 3)}, 55);
    EXPECT_EQ(rows_[0].ended_at, at(36));
}

TEST_F(LedgerTest, StoresTheEndOfAPlayWhenNothingIsHeardForNow) {
    hear({heard(kBlue, 10, 30, 3)}, 30);
    hear({heard(kBlue, 10, 36, 3)}, 36);
    keep(ledger_.rest());
    EXPECT_EQ(rows_[0].ended_at, at(36));
}

TEST_F(LedgerTest, TakesBackWhatTheNextSecondsDeny) {
    hear({heard(kBlue, 10, 15, 3)}, 15);
    hear({heard(kRed, 9, 20, 50)}, 20);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].title, "Red");
}

TEST_F(LedgerTest, KnowsATrackThatIsPlayedAgain) {
    hear({heard(kBlue, 10, 40, 0)}, 40);
    hear({heard(kBlue, 10, 40, 0), heard(kBlue, 41, 60, 0)}, 60);
    EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(LedgerTest, GoesOnInTheNextSession) {
    hear({heard(kBlue, 10, 100, 0)}, 100);
    ledger_.cut();
    hear({}, 105);
    hear({heard(kBlue, 72, 110, 62.1)}, 110);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].started_at, at(10));
    EXPECT_EQ(rows_[0].place_seconds, 0);
    hear({heard(kBlue, 72, 130, 62.1)}, 130);
    EXPECT_EQ(rows_[0].ended_at, at(130));
    EXPECT_TRUE(rows_[0].gaps.empty());
}

TEST_F(LedgerTest, TheNextSessionDoesNotShortenIt) {
    hear({heard(kBlue, 10, 100, 0)}, 100);
    ledger_.cut();
    hear({heard(kBlue, 72, 90, 62)}, 110);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].ended_at, at(100));
    EXPECT_EQ(rows_[0].end_place_seconds, 90);
}

TEST_F(LedgerTest, GoesOnAfterAnOutageWithAGap) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    start_again();
    // A server that sends some seconds of the past comes later by as much.
    hear({heard(kBlue, 80, 100, 66)}, 100);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].started_at, at(10));
    EXPECT_EQ(rows_[0].ended_at, at(100));
    ASSERT_EQ(rows_[0].gaps.size(), 1U);
    EXPECT_EQ(rows_[0].gaps[0], (catalog::PlayGap{at(50), at(80)}));
    start_again();
    hear({heard(kBlue, 110, 120, 96)}, 120);
    EXPECT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].gaps.size(), 2U);
}

TEST_F(LedgerTest, AnotherPlaceOfTheTrackIsAnotherPlay) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    start_again();
    hear({heard(kBlue, 80, 100, 5)}, 100);
    EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(LedgerTest, MusicThatRepeatsItselfGoesOnAfterAnOutage) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    start_again();
    hear({heard(kBlue, 60, 70, 82)}, 70);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].ended_at, at(70));
    hear({heard(kBlue, 60, 75, 50)}, 75);
    EXPECT_EQ(rows_.size(), 1U) << "the place is known better then";
}

TEST_F(LedgerTest, AShortTrackThatCannotGoOnAfterAnOutageIsPlayedAgain) {
    hear({heard(kBlue, 10, 115, 0)}, 115);
    start_again();
    hear({heard(kBlue, 150, 160, 0)}, 160);
    EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(LedgerTest, WhatEndedBeforeAnInterruptionStays) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    start_again();
    hear({heard(kRed, 80, 100, 0)}, 100);
    ASSERT_EQ(rows_.size(), 2U);
    EXPECT_EQ(rows_[0].ended_at, at(50));
    keep(ledger_.settle(at(201)));
    EXPECT_TRUE(rows_[0].final);
    EXPECT_FALSE(rows_[1].final);
}

TEST_F(LedgerTest, TheTailOfAFinalPlayIsNoOther) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    keep(ledger_.settle(at(300)));
    ledger_.cut();
    hear({heard(kBlue, 45, 52, 35)}, 300);
    EXPECT_EQ(rows_.size(), 1U);
}

TEST_F(LedgerTest, IsWrittenOnceThoughTheSessionTellsItForLong) {
    for (int second = 60; second <= 20 * 60; second += 5) hear({heard(kBlue, 10, 50, 0)}, second);
    EXPECT_EQ(rows_.size(), 1U);
    EXPECT_LE(writes_, 2);
}

TEST_F(LedgerTest, AfterALongOutageItIsAnotherPlay) {
    hear({heard(kBlue, 10, 50, 0)}, 50);
    start_again();
    hear({heard(kBlue, 210, 230, 200)}, 230);
    EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(LedgerTest, LeavesOutTracksThatAreGone) {
    gone_ = kBlue;
    hear({heard(kBlue, 10, 15, 3), heard(kRed, 16, 30, 0)}, 30);
    ASSERT_EQ(rows_.size(), 1U);
    EXPECT_EQ(rows_[0].title, "Red");
}

}  // namespace
}  // namespace audio_ident::monitor
