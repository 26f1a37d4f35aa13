#include "library/timeline_changes.hpp"

#include <gtest/gtest.h>

#include "support/timelines.hpp"

namespace audio_ident::library {
namespace {

TEST(TimelineChanges, ACandidateAndTheTrackChangePlaces) {
    auto timeline = test::some_timeline();
    auto& entry = timeline.entries[1];
    const auto before = entry.track.id;
    const auto chosen = entry.others[0].track.id;
    EXPECT_FALSE(choose(entry, test::make_track(77).id));
    EXPECT_EQ(entry.track.id, before);
    ASSERT_TRUE(choose(entry, chosen));
    EXPECT_EQ(entry.track.id, chosen);
    EXPECT_EQ(entry.entry.track, chosen);
    EXPECT_EQ(entry.entry.confidence, 0.3);
    EXPECT_EQ(entry.entry.first.place_seconds, 12.5);
    EXPECT_EQ(entry.others[0].track.id, before);
    EXPECT_EQ(entry.others[0].candidate.confidence, 0.81);
    EXPECT_EQ(entry.entry.others[0].track, before);
    ASSERT_TRUE(choose(entry, before));
    EXPECT_EQ(entry.entry.first.place_seconds, 5);
    EXPECT_EQ(entry.entry.confidence, 0.81);
    EXPECT_TRUE(choose(entry, before)) << "nothing changes";
}

TEST(TimelineChanges, WhatOnlyARejectedEntryCoversIsUnknown) {
    auto timeline = test::some_timeline();
    timeline.entries[1].verdict = Verdict::rejected;
    const auto left = without_rejected(timeline);
    ASSERT_EQ(left.entries.size(), 1U);
    ASSERT_EQ(left.gaps.size(), 4U);
    EXPECT_EQ(left.gaps[1].gap.where.begin, 100) << "the first entry covers the part before";
    EXPECT_EQ(left.gaps[1].gap.where.end, 200);
    EXPECT_EQ(left.gaps[1].gap.kind, timeline::GapKind::unknown);
    timeline.entries[0].verdict = Verdict::rejected;
    const auto none = without_rejected(timeline);
    EXPECT_TRUE(none.entries.empty());
    double at = 0;
    for (const auto& named : none.gaps) {
        EXPECT_EQ(named.gap.where.begin, at);
        at = named.gap.where.end;
    }
    EXPECT_EQ(at, 300);
}

TEST(TimelineChanges, AStretchThatWasLearntIsAnEntry) {
    auto timeline = test::some_timeline();
    put_learned(timeline, {.begin_seconds = 205, .end_seconds = 290, .title = "New"}, test::make_track(8));
    ASSERT_EQ(timeline.entries.size(), 3U);
    EXPECT_EQ(timeline.entries[2].track.id, test::make_track(8).id);
    EXPECT_EQ(timeline.entries[2].verdict, Verdict::accepted);
    EXPECT_EQ(timeline.entries[2].entry.last.place_seconds, 85);
    ASSERT_EQ(timeline.gaps.size(), 3U);
    EXPECT_EQ(timeline.gaps[1].gap.where.end, 205);
    EXPECT_EQ(timeline.gaps[2].gap.where.begin, 290);
}

}  // namespace
}  // namespace audio_ident::library
