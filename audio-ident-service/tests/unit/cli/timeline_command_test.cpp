// `audio-ident timeline` over a library in memory.
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>

#include "cli/cli.hpp"
#include "cli/timeline_table.hpp"
#include "support/fake_library.hpp"
#include "support/temp_folder.hpp"
#include "support/timelines.hpp"

namespace audio_ident::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class TimelineCommandTest : public testing::Test {
  protected:
    TimelineCommandTest() {
        library_.on_timeline = [this](const audio::Source& recording, const library::TimelineRequest& request,
                                      const auto&) -> Result<library::RecordingTimeline> {
            const auto& path = std::get<std::filesystem::path>(recording);
            asked_.push_back(path.filename().string());
            min_confidence_ = request.min_confidence;
            save_in_ = request.save_in;
            if (save_in_) std::ofstream(*save_in_) << "heard";
            if (path.filename() == "damaged.mp3")
                return fail(ErrorKind::corrupt, "{}: no frame could be decoded", path.string());
            return test::some_timeline();
        };
    }

    struct Output {
        int code = 0;
        std::string out;
        std::string err;
    };
    Output run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"audio-ident", "--data-dir", (folder_ / "data").string(), "timeline"});
        std::vector<const char*> words;
        for (const auto& argument : arguments) words.push_back(argument.c_str());
        const Program program{
            .version = "1.2.3",
            .components = {},
            .formats = {},
            .stop = {},
            .open = [this](const auto&) { return std::shared_ptr<library::Library>(&library_, [](auto*) {}); },
            .serve = [](const auto&, const auto&, const auto&) { return Result<void>(); },
        };
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const int code = cli::run(static_cast<int>(words.size()), words.data(), program);
        return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
    }
    static std::string content(const std::filesystem::path& file) {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    test::TempFolder folder_;
    test::FakeLibrary library_;
    std::vector<std::string> asked_;
    double min_confidence_ = 0;
    std::optional<std::filesystem::path> save_in_;
};

TEST_F(TimelineCommandTest, ATableTellsWhoPlaysWhen) {
    const auto result = run({"set.mp3", "--min-confidence", "0.7"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out,
              "0:00.0  0:10.0  unknown 1 (heard 2 times)\n"
              "0:10.0  1:40.0  Title 1, from 0:05.0, speed +0.0 % to +3.0 %, certain (99 %)\n"
              "1:32.0  3:20.0  Title 2, from 0:05.0, likely (81 %)\n"
              "3:20.0  4:40.0  (silence)\n"
              "4:40.0  5:00.0  unknown 1 (heard 2 times), sounds like Title 4 (81 %)\n");
    EXPECT_EQ(min_confidence_, 0.7);
    EXPECT_THAT(run({"a.mp3", "b.mp3"}).out, HasSubstr("b.mp3\n0:00.0"));
}

TEST_F(TimelineCommandTest, OtherProgramsFormats) {
    EXPECT_THAT(run({"--format", "cue", "music/set.mp3"}).out, StartsWith("FILE \"set.mp3\" MP3\n"));
    EXPECT_THAT(run({"--format", "m3u8", "set.mp3"}).out, StartsWith("#EXTM3U\n"));
    EXPECT_THAT(run({"--json", "music/set.mp3"}).out,
                StartsWith("{\"file\":\"music/set.mp3\",\"duration_seconds\":300,"));
    EXPECT_EQ(run({"--format", "docx", "set.mp3"}).code, 2);
    EXPECT_EQ(run({}).code, 2);
}

TEST_F(TimelineCommandTest, OneSheetCannotHoldTwoRecordings) {
    const auto result = run({"--format", "cue", "a.mp3", "b.mp3"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("give a folder with --out"));
    EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(TimelineCommandTest, AFileThatCannotBeReadCostsOnlyItself) {
    const auto result = run({"--json", "damaged.mp3", "set.mp3"});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("damaged.mp3: no frame could be decoded"));
    EXPECT_THAT(result.out, StartsWith("{\"file\":\"damaged.mp3\",\"error\":{\"code\":"));
    EXPECT_THAT(result.out, HasSubstr("\n{\"file\":\"set.mp3\",\"duration_seconds\""));
}

TEST_F(TimelineCommandTest, AFolderGetsAFileForEachAndKeepsThem) {
    std::ofstream(folder_ / "a.mp3") << "sound";
    std::ofstream(folder_ / "b.mp3") << "sound";
    const auto out = folder_ / "lists";
    const auto both = [&](std::vector<std::string> more = {}) {
        more.insert(more.end(), {"--format", "audacity", "--out", out.string(), (folder_ / "a.mp3").string(),
                                 (folder_ / "b.mp3").string()});
        return run(more);
    };
    EXPECT_EQ(both().code, 0);
    EXPECT_THAT(content(out / "a.mp3.txt"), StartsWith("0.000000\t10.000000\tunknown 1, heard 2 times\n"));
    EXPECT_FALSE(content(out / "b.mp3.txt").empty());
    EXPECT_EQ(save_in_, out / "b.mp3.heard");
    EXPECT_FALSE(std::filesystem::exists(*save_in_)) << "it is of no more use";
    asked_.clear();
    std::filesystem::remove(out / "b.mp3.txt");
    const auto second = both();
    EXPECT_THAT(asked_, testing::ElementsAre("b.mp3"));
    EXPECT_THAT(second.err, HasSubstr("a.mp3.txt is there already; --again makes it again"));
    asked_.clear();
    both({"--again"});
    EXPECT_THAT(asked_, testing::ElementsAre("a.mp3", "b.mp3"));
}

TEST_F(TimelineCommandTest, AFolderGetsJsonWhenThatIsAskedFor) {
    const auto out = folder_ / "lists";
    EXPECT_EQ(run({"--json", "--out", out.string(), "set.mp3"}).code, 0);
    EXPECT_THAT(content(out / "set.mp3.json"), HasSubstr("\"duration_seconds\""));
}

TEST_F(TimelineCommandTest, JsonGoesBeforeAnotherFormat) {
    const auto both = run({"--json", "--format", "cue", "a.mp3", "b.mp3"});
    EXPECT_EQ(both.code, 0) << both.err;
    EXPECT_THAT(both.out, StartsWith("{"));
    EXPECT_EQ(run({"--json", "--format", "cue", "--report", "a.mp3"}).code, 0);
}

TEST_F(TimelineCommandTest, WhatWasHeardOfARecordingThatFailsIsKept) {
    const auto out = folder_ / "lists";
    EXPECT_EQ(run({"--out", out.string(), "damaged.mp3"}).code, 3);
    EXPECT_TRUE(std::filesystem::exists(out / "damaged.mp3.heard"));
    run({"set.mp3"});
    EXPECT_EQ(save_in_, std::nullopt) << "only a folder keeps it";
}

TEST_F(TimelineCommandTest, AReportCountsOverAllRecordings) {
    EXPECT_EQ(run({"--report", "a.mp3"}).out,
              "Tracks\n    1:48.0     1x  Title 2\n    1:30.0     1x  Title 1\n\n"
              "Not recognised, but heard again\n    0:30.0     2x  unknown 1\n");
    EXPECT_THAT(run({"--report", "--format", "csv", "a.mp3", "damaged.mp3"}).out,
                StartsWith("kind,artist,title,times_heard,seconds,recordings,track_id\r\ntrack,,Title 2,1,108.00,1,"));
    EXPECT_THAT(run({"--report", "--json", "a.mp3"}).out,
                HasSubstr("\"unknowns\":[{\"name\":\"unknown 1\",\"times_heard\":2,\"seconds\":30,\"recordings\":1}]"));
    EXPECT_EQ(run({"--report", "--format", "cue", "a.mp3"}).code, 2);
}

TEST_F(TimelineCommandTest, AnUnknownSoundGetsItsNameAndItsLongestStretchIsLearned) {
    const auto result = run({"--learn", "Some Band - Some Song=unknown-1", "--learn", "Other=unknown-5", "set.mp3"});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("unknown 1 is in the library"));
    EXPECT_THAT(result.err, HasSubstr("Other=unknown-5: nothing that was heard has this name"));
    const auto& learned = library_.learnt;
    ASSERT_EQ(learned.size(), 1U);
    EXPECT_EQ(learned[0].title, "Some Song");
    EXPECT_EQ(learned[0].artist, "Some Band");
    EXPECT_EQ(learned[0].begin_seconds, 280);
    EXPECT_EQ(learned[0].end_seconds, 300);
    asked_.clear();
    EXPECT_EQ(run({"--learn", "Some Song", "set.mp3"}).code, 2);
    EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(TimelineCommandTest, TwoRecordingsOfOneNameDoNotOverwriteEachOther) {
    const auto result = run({"--out", (folder_ / "lists").string(), "x/set.mp3", "y/set.mp3"});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("y/set.mp3: another recording of this run has the same name"));
}

TEST_F(TimelineCommandTest, AFolderThatCannotBeMadeIsSaid) {
    std::ofstream(folder_ / "file") << "x";
    const auto result = run({"--out", (folder_ / "file").string(), "a.mp3"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("is not a folder"));
}

TEST(TimelineProgressText, SaysRateAndTimeLeft) {
    EXPECT_EQ(progress_text({600, 0, 7200.0}, 5), "10:00.0 of 2:00:00.0, 120x real time, 55 s left");
    EXPECT_EQ(progress_text({600, 0, std::nullopt}, 5), "10:00.0, 120x real time");
    EXPECT_EQ(progress_text({3, 0, 7200.0}, 0.1), "0:03.0 of 2:00:00.0");
}

TEST(TimelineProgressText, TheRateIsThatOfThisRun) {
    EXPECT_EQ(progress_text({3600, 3000, 7200.0}, 5), "1:00:00.0 of 2:00:00.0, 120x real time, 30 s left");
    EXPECT_EQ(progress_text({1000, 1000, 7200.0}, 5), "16:40.0 of 2:00:00.0");
}

}  // namespace
}  // namespace audio_ident::cli
