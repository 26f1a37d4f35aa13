#include "library/stored_timeline.hpp"

#include <gtest/gtest.h>

#include "support/timelines.hpp"

namespace audio_ident::library {
namespace {

RecordingTimeline back(const RecordingTimeline& timeline) {
    auto read = timeline_from_text(timeline_to_text(timeline));
    if (!read) ADD_FAILURE() << read.error().message;
    return read ? std::move(*read) : RecordingTimeline();
}

TEST(StoredTimeline, ComesBackAsItWas) {
    auto given = test::some_timeline();
    given.damaged_frames = 12;
    given.entries[0].entry.aligned = 212;
    given.entries[0].entry.weight = 1.0 / 3;
    given.entries[0].entry.window_confidence = 0.97;
    given.entries[0].verdict = Verdict::accepted;
    given.entries[1].verdict = Verdict::rejected;
    given.entries[1].track.artist = "Sigur Rós \"';--\n🎧";
    given.entries[1].others[0].track = given.entries[0].track;
    given.gaps[2].gap.number = 3;
    given.gaps[2].gap.times_heard = 4;
    given.gaps[2].sounds_like.clear();
    SoundMatch like;
    like.track = test::make_track(9);
    like.sound.similarity = 0.83;
    given.gaps[2].sounds_like.push_back(like);
    const auto read = back(given);
    EXPECT_EQ(timeline_to_text(read), timeline_to_text(given));
    EXPECT_EQ(read.seconds, 300);
    EXPECT_EQ(read.damaged_frames, 12);
    EXPECT_EQ(read.entries[0].entry.weight, 1.0 / 3);
    EXPECT_EQ(read.entries[0].verdict, Verdict::accepted);
    EXPECT_EQ(read.entries[0].track.file_path, given.entries[0].track.file_path);
    EXPECT_EQ(read.entries[0].entry.track, given.entries[0].track.id);
    EXPECT_EQ(read.entries[1].track.artist, given.entries[1].track.artist);
    EXPECT_EQ(read.entries[1].others[0].track.id, given.entries[0].track.id);
    EXPECT_EQ(read.entries[1].entry.others.size(), 1U);
    EXPECT_EQ(read.gaps[1].gap.kind, timeline::GapKind::silence);
    EXPECT_EQ(read.gaps[2].gap.number, 3U);
    EXPECT_EQ(read.gaps[2].sounds_like[0].track.id, like.track.id);
    EXPECT_EQ(read.gaps[2].sounds_like[0].sound.similarity, 0.83);
}

TEST(StoredTimeline, OlderAndNewerVersionsReadEachOthers) {
    const auto read = timeline_from_text(
        R"({"seconds":9,"mood":"late","tracks":[{"id":"00000000-0000-4000-8000-000000000001","title":"A"}],)"
        R"("entries":[{"track":0,"heard":[1,2],"first":[0,1,1],"last":[1,1,1],"colour":"red"}]})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->entries[0].track.title, "A");
    EXPECT_FALSE(read->entries[0].verdict);
    EXPECT_TRUE(read->gaps.empty());
}

TEST(StoredTimeline, WhatIsNoTimelineIsCorrupt) {
    for (const char* text : {"", "[]", "{\"entries\":[{}]}", "{\"tracks\":[{}]}", "{\"entries\":[{\"track\":5}]}",
                             "{\"seconds\":\"long\"}", "{\"gaps\":[{\"where\":[1]}]}"}) {
        const auto read = timeline_from_text(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
    }
}

}  // namespace
}  // namespace audio_ident::library
