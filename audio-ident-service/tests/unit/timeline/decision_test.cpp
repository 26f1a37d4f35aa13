// Decisions over evidence that is written down, without any sound.
#include "timeline/decision.hpp"

#include <gtest/gtest.h>

#include "support/fingerprints.hpp"
#include "timeline/entries.hpp"

namespace audio_ident::timeline {
namespace {

using test::numbered_id;

constexpr std::uint32_t kTrackFrames = 62 * 300;  // 300 s

/// A recording in which lines have the evidence that a test gives them.
class DecisionTest : public testing::Test {
  protected:
    explicit DecisionTest(Cell cells = 400) {
        heard_.seconds = begin_of(cells);
        heard_.library_hours = 5;
        heard_.silent.assign(static_cast<std::size_t>(cells), false);
    }

    /// A line of track `number` that begins `place` seconds into it at the recording's start; it has no evidence (-0.3,
    /// as chance gives) from cell 0 to the last one.
    Line& add_line(std::uint32_t number, double place = 20) {
        const index::Location track{number, 0, kTrackFrames};
        heard_.lines.push_back(std::make_unique<Line>(numbered_id(number), track, Node{0, place, {}}));
        Line& line = *heard_.lines.back();
        line.window_confidence = 0.99;
        agree(line, 0, static_cast<Cell>(heard_.silent.size()), -0.3F);
        return line;
    }
    static void agree(Line& line, Cell begin, Cell end, float evidence) {
        for (Cell cell = begin; cell < end; ++cell) line.evidence.set(cell, evidence);
    }
    /// The cells in which a line is heard.
    std::vector<CellRange> heard_in(std::size_t line) {
        std::vector<CellRange> ranges;
        for (const Chosen& one : decide(heard_)) {
            if (one.line == line) ranges.push_back(one.cells);
        }
        return ranges;
    }

    Heard heard_;
};

TEST_F(DecisionTest, WeakEvidenceThatAgreesForLongIsBelieved) {
    agree(add_line(1), 100, 220, 2.2F);
    const auto ranges = heard_in(0);
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_EQ(ranges[0].begin, 100);
    EXPECT_EQ(ranges[0].end, 220);
}

TEST_F(DecisionTest, WeakEvidenceForAMomentIsNot) {
    agree(add_line(1), 100, 112, 2.2F);
    EXPECT_TRUE(heard_in(0).empty());
}

TEST_F(DecisionTest, WhatChanceGivesIsNotBelievedHoweverLongItLasts) {
    agree(add_line(1), 20, 380, kEvidenceByChance);
    EXPECT_TRUE(heard_in(0).empty());
}

TEST_F(DecisionTest, ALineThatEveryWindowRefusesNeedsMore) {
    Line& line = add_line(1);
    agree(line, 100, 130, 3);
    EXPECT_EQ(heard_in(0).size(), 1U);
    line.window_confidence = 0.001;
    EXPECT_TRUE(heard_in(0).empty());
}

TEST_F(DecisionTest, AJingleOfThreeSecondsIsBelievedWhenItIsClear) {
    agree(add_line(1), 100, 106, 5);
    ASSERT_EQ(heard_in(0).size(), 1U);
    EXPECT_EQ(heard_in(0)[0].begin, 100);
    EXPECT_EQ(heard_in(0)[0].end, 106);
}

TEST_F(DecisionTest, AJingleOfTwoSecondsIsBelievedWhenAWindowIsSure) {
    Line& line = add_line(1);
    agree(line, 100, 104, 4);
    line.window_confidence = 0.9;
    EXPECT_TRUE(heard_in(0).empty());
    line.window_confidence = 0.9995;
    ASSERT_EQ(heard_in(0).size(), 1U);
    EXPECT_EQ(heard_in(0)[0].begin, 100);
    EXPECT_EQ(heard_in(0)[0].end, 104);
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    EXPECT_GT(timeline.entries[0].confidence, 0.9);
}

TEST_F(DecisionTest, AnotherPlaceForAMomentDoesNotInterruptALine) {
    agree(add_line(1), 50, 150, 3);
    agree(add_line(1, 120), 90, 96, 3.3F);  // a refrain that comes again
    EXPECT_EQ(heard_in(0).size(), 1U);
    EXPECT_TRUE(heard_in(1).empty());
}

TEST_F(DecisionTest, TwoTracksOverlapInACrossFade) {
    agree(add_line(1), 50, 150, 4);
    agree(add_line(2), 130, 250, 4);
    ASSERT_EQ(heard_in(0).size(), 1U);
    ASSERT_EQ(heard_in(1).size(), 1U);
    EXPECT_EQ(heard_in(0)[0].end, 150);
    EXPECT_EQ(heard_in(1)[0].begin, 130);
}

TEST_F(DecisionTest, OfTwoVersionsOfOneSoundTheClearerIsHeard) {
    agree(add_line(1), 50, 150, 3);
    agree(add_line(2), 50, 150, 4);
    heard_.same_sound = {{0, 1}};
    EXPECT_TRUE(heard_in(0).empty());
    EXPECT_EQ(heard_in(1).size(), 1U);
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    ASSERT_EQ(timeline.entries[0].others.size(), 1U);
    EXPECT_EQ(timeline.entries[0].others[0].track, numbered_id(1));
}

TEST_F(DecisionTest, APauseDoesNotEndAnEntry) {
    Line& line = add_line(1);
    agree(line, 50, 100, 4);
    agree(line, 130, 200, 4);  // fifteen seconds of talk between
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    const Entry& entry = timeline.entries[0];
    EXPECT_DOUBLE_EQ(entry.heard.begin, 25);
    EXPECT_DOUBLE_EQ(entry.heard.end, 100);
    ASSERT_EQ(entry.evidence.size(), 2U);
    EXPECT_DOUBLE_EQ(entry.evidence[0].end, 50);
    EXPECT_DOUBLE_EQ(entry.evidence[1].begin, 65);
    EXPECT_NEAR(entry.first.place_seconds, 45, 1e-9);
    EXPECT_NEAR(entry.last.place_seconds, 120, 1e-9);
}

TEST_F(DecisionTest, ASkipMakesTwoEntries) {
    agree(add_line(1), 50, 100, 4);
    agree(add_line(1, 60), 101, 200, 4);
    EXPECT_EQ(timeline_of(heard_, 0.5).entries.size(), 2U);
}

TEST_F(DecisionTest, GapsTellSilenceFromUnknownMusic) {
    agree(add_line(1), 100, 200, 4);
    std::fill(heard_.silent.begin() + 250, heard_.silent.begin() + 270, true);
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.gaps.size(), 4U);
    const auto expect_gap = [&](std::size_t i, double begin, double end, GapKind kind) {
        EXPECT_DOUBLE_EQ(timeline.gaps[i].where.begin, begin) << i;
        EXPECT_DOUBLE_EQ(timeline.gaps[i].where.end, end) << i;
        EXPECT_EQ(timeline.gaps[i].kind, kind) << i;
    };
    expect_gap(0, 0, 50, GapKind::unknown);
    expect_gap(1, 100, 125, GapKind::unknown);
    expect_gap(2, 125, 135, GapKind::silence);
    expect_gap(3, 135, 200, GapKind::unknown);
}

TEST_F(DecisionTest, MoreEvidenceIsSurer) {
    agree(add_line(1), 20, 40, 3);
    agree(add_line(2), 100, 200, 4);
    const Timeline timeline = timeline_of(heard_, 0);
    ASSERT_EQ(timeline.entries.size(), 2U);
    EXPECT_LT(timeline.entries[0].confidence, timeline.entries[1].confidence);
    EXPECT_GT(timeline.entries[1].confidence, 0.9);
    EXPECT_LE(timeline.entries[1].confidence, 1.0);
}

TEST_F(DecisionTest, WhatIsNotSureEnoughIsAGap) {
    agree(add_line(1), 20, 40, 3);
    ASSERT_EQ(timeline_of(heard_, 0).entries.size(), 1U);
    const Timeline strict = timeline_of(heard_, 0.9999);
    EXPECT_TRUE(strict.entries.empty());
    ASSERT_EQ(strict.gaps.size(), 1U);
    EXPECT_DOUBLE_EQ(strict.gaps[0].where.end, strict.seconds);
}

TEST_F(DecisionTest, ATrackThatIsNearItsEndEndsThere) {
    Line& line = add_line(1, 120);  // it ends 180 s into the recording, less what its frames lack
    agree(line, 200, 356, 4);
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    EXPECT_NEAR(timeline.entries[0].heard.end, line.time_of(line.track_seconds()), 1e-6);
}

TEST_F(DecisionTest, ATrackThatIsFadedInBeginsEarlierThanItIsRecognised) {
    Line& line = add_line(1, 20);
    agree(line, 110, 200, 6);
    for (Cell cell = 100; cell < 110; ++cell) line.evidence.set(cell, 1.2F + 0.3F * static_cast<float>(cell - 100));
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    EXPECT_LT(timeline.entries[0].heard.begin, 49);
    EXPECT_GT(timeline.entries[0].heard.begin, 46);
    EXPECT_DOUBLE_EQ(timeline.entries[0].heard.end, 100) << "it ends at once";
}

TEST_F(DecisionTest, ATrackUnderTalkBeginsWithItsBeginning) {
    Line& line = add_line(1, -45);  // it begins at 45 s
    agree(line, 110, 200, 6);
    agree(line, 100, 110, 1.5F);  // talk covers its first ten seconds, and all of the first five
    const Timeline timeline = timeline_of(heard_, 0.5);
    ASSERT_EQ(timeline.entries.size(), 1U);
    EXPECT_NEAR(timeline.entries[0].heard.begin, 45, 0.01);
    EXPECT_NEAR(timeline.entries[0].first.place_seconds, 0, 0.01);
}

TEST_F(DecisionTest, ARecordingWithoutAnythingHasOneGap) {
    const Timeline timeline = timeline_of(heard_, 0.5);
    EXPECT_TRUE(timeline.entries.empty());
    ASSERT_EQ(timeline.gaps.size(), 1U);
    heard_ = Heard{};
    EXPECT_TRUE(timeline_of(heard_, 0.5).gaps.empty());
}

}  // namespace
}  // namespace audio_ident::timeline
