#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library.hpp"

namespace audio_ident::ingest {
namespace {

using test::Library;

constexpr int kSongs = 40;

class Pause : public testing::Test {
  protected:
    Pause() {
        for (int i = 0; i < kSongs; ++i)
            library.put("song" + std::to_string(i) + ".mp3", "song " + std::to_string(i + 1) + " 100");
    }
    IngestReport run_until_paused() {
        std::stop_source pause;
        IngestRequest request = library.request();
        request.pause = pause.get_token();
        request.prune = Prune::remove;
        library.before_analysis = [&](const std::string&) {
            if (library.analyses >= 5) pause.request_stop();
        };
        auto report = library.run(request);
        library.before_analysis = {};
        return report;
    }
    Library library;
};

TEST_F(Pause, WhatIsBegunIsStoredAndTheNextRunGoesOn) {
    const auto first = run_until_paused();
    EXPECT_TRUE(first.interrupted);
    EXPECT_FALSE(first.fatal);
    EXPECT_GE(first.ingested, 5);
    EXPECT_LT(first.ingested, kSongs);
    EXPECT_EQ(first.ingested, library.analyses) << "nothing is analysed for nothing";
    EXPECT_TRUE(first.errors.empty());
    for (const auto& track : library.tracks()) EXPECT_THAT(track, testing::Not(testing::HasSubstr("(")));

    const auto second = library.run();
    EXPECT_FALSE(second.interrupted);
    EXPECT_EQ(first.ingested + second.ingested, kSongs);
    EXPECT_EQ(second.unchanged, first.ingested);
}

TEST_F(Pause, TheMergeEndsTooAndTheNextRunFinishesIt) {
    std::stop_source pause;
    IngestRequest request = library.request();
    request.pause = pause.get_token();
    library.disk.index.on_compact = [&] { pause.request_stop(); };
    const auto first = library.run(request);
    EXPECT_TRUE(first.interrupted);
    EXPECT_FALSE(first.fatal);
    EXPECT_EQ(first.ingested, kSongs);

    library.disk.index.on_compact = {};
    std::stop_source other;
    request.pause = other.get_token();
    const auto second = library.run(request);
    EXPECT_FALSE(second.interrupted);
    EXPECT_EQ(second.unchanged, kSongs);
    EXPECT_EQ(library.disk.index.compactions, 2);
}

TEST_F(Pause, ATrackWhoseFileWasNotComeToIsNotTakenForGone) {
    library.run();
    for (int i = 0; i < kSongs; ++i)
        library.put("song" + std::to_string(i) + ".mp3", "song " + std::to_string(i + 101) + " 100");
    library.move("song9.mp3", "zzz.mp3");
    const auto report = run_until_paused();
    EXPECT_TRUE(report.interrupted);
    EXPECT_EQ(report.vanished + report.pruned, 0);
    EXPECT_EQ(library.tracks().size(), kSongs);
}

}  // namespace
}  // namespace audio_ident::ingest
