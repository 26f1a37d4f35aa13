#include "api/timeline_text.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

#include "support/timelines.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {
namespace {

using test::some_timeline;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const library::RecordingTimeline& timeline, TimelineFormat format) {
    return timeline_text(timeline, "set.mp3", format);
}

TEST(TimelineText, EveryFormatHasAName) {
    for (const std::string_view name : {"json", "csv", "cue", "m3u8", "audacity"})
        ASSERT_TRUE(timeline_format(name)) << name;
    EXPECT_EQ(timeline_format("cue"), TimelineFormat::cue);
    EXPECT_FALSE(timeline_format("table"));
    EXPECT_EQ(timeline_extension(TimelineFormat::audacity), "txt");
}

TEST(TimelineText, JsonHasEverything) {
    const auto text = text_of(some_timeline(), TimelineFormat::json);
    const auto json = boost::json::parse(text);
    EXPECT_EQ(json.at("file").as_string(), "set.mp3");
    EXPECT_EQ(json.at("duration_seconds").to_number<double>(), 300);
    ASSERT_EQ(json.at("entries").as_array().size(), 2U);
    const auto& first = json.at("entries").at(0);
    EXPECT_EQ(first.at("track").at("file_path").as_string(), "/music/000001.flac");
    EXPECT_EQ(first.at("start").to_number<double>(), 10);
    EXPECT_EQ(first.at("confidence").to_number<double>(), 0.998);
    EXPECT_EQ(first.at("last").at("time_ratio").to_number<double>(), 1.03);
    EXPECT_EQ(first.at("matched_seconds").at(0).at("end").to_number<double>(), 100);
    EXPECT_EQ(json.at("entries").at(1).at("candidates").at(0).at("track").at("title").as_string(), "Title 3");
    EXPECT_EQ(json.at("gaps").at(1).at("kind").as_string(), "silence");
    EXPECT_TRUE(json.at("gaps").at(1).at("name").is_null());
    const auto& unknown = json.at("gaps").at(2);
    EXPECT_EQ(unknown.at("name").as_string(), "unknown 1");
    EXPECT_EQ(unknown.at("times_heard").as_int64(), 2);
    EXPECT_EQ(unknown.at("sounds_like").at(0).at("track").at("title").as_string(), "Title 4");
    EXPECT_EQ(unknown.at("sounds_like").at(0).at("similarity").to_number<double>(), 0.819);
    EXPECT_TRUE(json.at("gaps").at(0).at("sounds_like").is_null());
}

TEST(TimelineText, CsvQuotesWhatItMust) {
    auto timeline = some_timeline();
    timeline.entries[0].track.title = "Say \"hello\", world";
    timeline.entries[1].track.title = "=SUM(A1)";
    const auto text = text_of(timeline, TimelineFormat::csv);
    EXPECT_THAT(text, HasSubstr("10.00,100.00,track,,\"Say \"\"hello\"\", world\",,0.9980,5.00,95.00,1.0000,1.0300,"));
    EXPECT_THAT(text, HasSubstr(",'=SUM(A1),"));
    EXPECT_THAT(text, HasSubstr("200.00,280.00,silence,,,,,,,,,,,,,,,\r\n"));
    EXPECT_THAT(text, HasSubstr("280.00,300.00,unknown,,,,,,,,,,,,,unknown 1,2,Title 4 (0.82)\r\n"));
    std::size_t cells = 0;
    for (const char c : text.substr(0, text.find('\r'))) cells += c == ',' ? 1 : 0;
    EXPECT_EQ(cells, 17U) << "as in each row";
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
}

TEST(TimelineText, CueCountsInFramesOfASecond) {
    auto timeline = some_timeline();
    timeline.entries[1].entry.heard.begin = 92.5;
    timeline.entries[1].track.artist = "The \"Quoted\"";
    EXPECT_EQ(text_of(timeline, TimelineFormat::cue),
              "FILE \"set.mp3\" MP3\n"
              "  TRACK 01 AUDIO\n    TITLE \"unknown 1\"\n    REM COMMENT \"heard 2 times\"\n    INDEX 01 00:00:00\n"
              "  TRACK 02 AUDIO\n    TITLE \"Title 1\"\n    INDEX 01 00:10:00\n"
              "  TRACK 03 AUDIO\n    TITLE \"Title 2\"\n    PERFORMER \"The 'Quoted'\"\n    INDEX 01 01:32:37\n"
              "  TRACK 04 AUDIO\n    TITLE \"silence\"\n    INDEX 01 03:20:00\n"
              "  TRACK 05 AUDIO\n    TITLE \"unknown 1\"\n    REM COMMENT \"heard 2 times, sounds like Title 4\"\n"
              "    INDEX 01 04:40:00\n");
}

TEST(TimelineText, ACueSheetSaysWhenNotAllTracksFit) {
    auto timeline = some_timeline();
    timeline.gaps.clear();
    const auto entry = timeline.entries[0];
    timeline.entries.clear();
    for (int i = 0; i < 120; ++i) {
        timeline.entries.push_back(entry);
        timeline.entries.back().entry.heard = {double(i) * 60, double(i) * 60 + 50};
    }
    const auto text = text_of(timeline, TimelineFormat::cue);
    EXPECT_THAT(text, HasSubstr("TRACK 99 AUDIO"));
    EXPECT_THAT(text, Not(HasSubstr("TRACK 100")));
    EXPECT_THAT(text, HasSubstr("REM 21 later tracks do not fit"));
}

TEST(TimelineText, APlaylistHasTheTracksInOrder) {
    auto timeline = some_timeline();
    timeline.entries[0].track.artist = "A\nB";
    EXPECT_EQ(text_of(timeline, TimelineFormat::m3u8),
              "#EXTM3U\n#EXTINF:200,A B - Title 1\n/music/000001.flac\n#EXTINF:200,Title 2\n/music/000002.flac\n");
}

TEST(TimelineText, APlaylistHasTheAddressOfAFileWhosePathIsNoLineOfText) {
    auto timeline = some_timeline();
    timeline.entries[0].track.file_path = "/music/two\nlines, 50%.flac";
    timeline.entries[1].track.file_path = util::path_to_text("/music/M\xFCller.flac");
    EXPECT_EQ(text_of(timeline, TimelineFormat::m3u8),
              "#EXTM3U\n#EXTINF:200,Title 1\nfile:///music/two%0Alines%2C%2050%25.flac\n"
              "#EXTINF:200,Title 2\nfile:///music/M%FCller.flac\n");
}

TEST(TimelineText, LabelsHaveTabsBetween) {
    const auto text = text_of(some_timeline(), TimelineFormat::audacity);
    EXPECT_THAT(text, HasSubstr("0.000000\t10.000000\tunknown 1, heard 2 times\n10.000000\t100.000000\tTitle 1\n"));
    EXPECT_THAT(text, HasSubstr("200.000000\t280.000000\tsilence\n"));
    EXPECT_THAT(text, HasSubstr("\tunknown 1, heard 2 times, sounds like Title 4\n"));
}

}  // namespace
}  // namespace audio_ident::api
