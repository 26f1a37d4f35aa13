#include "monitor/feed/playlist.hpp"

#include <gmock/gmock.h>

namespace audio_ident::monitor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> urls(const Playlist& playlist) {
    std::vector<std::string> all;
    for (const Segment& segment : playlist.segments) all.push_back(segment.url);
    return all;
}

TEST(PlaylistTest, ReadsALivePlaylist) {
    const auto list =
        parse_playlist(
            "\xEF\xBB\xBF#EXTM3U\r\n#EXT-X-VERSION:3\r\n#EXT-X-TARGETDURATION:4\r\n"
            "#EXT-X-MEDIA-SEQUENCE:17\r\n#EXT-X-MAP:URI=\"init.mp4\"\r\n"
            "#EXTINF:4.000,Title\r\na.ts\r\n# a remark\r\n\r\n#EXT-X-DISCONTINUITY\r\n#EXTINF:3.5,\r\nb.ts")
            .value();
    EXPECT_THAT(urls(list), ElementsAre("a.ts", "b.ts"));
    EXPECT_EQ(list.first_number, 17U);
    EXPECT_EQ(list.target_seconds, 4);
    EXPECT_EQ(list.map, "init.mp4");
    EXPECT_FALSE(list.segments[0].discontinuity);
    EXPECT_TRUE(list.segments[1].discontinuity);
    EXPECT_FALSE(list.ended);
    EXPECT_TRUE(list.choices.empty());
    EXPECT_TRUE(parse_playlist("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na\n#EXT-X-ENDLIST\n")->ended);
}

TEST(PlaylistTest, ChoosesTheSmallestVariantThatSoundsWell) {
    const auto list = parse_playlist(
                          "#EXTM3U\n"
                          "#EXT-X-STREAM-INF:BANDWIDTH=320000,CODECS=\"mp4a.40.2,x\"\nhigh.m3u8\n"
                          "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=24000\nlow.m3u8\n"
                          "#EXT-X-STREAM-INF:BANDWIDTH=64000\nmiddle.m3u8\n")
                          .value();
    EXPECT_THAT(list.choices, ElementsAre("middle.m3u8", "high.m3u8", "low.m3u8"));
}

TEST(PlaylistTest, ReadsThePlaylistsOfStations) {
    EXPECT_THAT(parse_playlist("#EXTM3U\n#EXTINF:-1,Radio\nhttp://host/one\nhttp://host/two\n")->choices,
                ElementsAre("http://host/one", "http://host/two"));
    EXPECT_THAT(parse_playlist("[playlist]\nNumberOfEntries=2\nFile1=http://host/one\nTitle1=x\nFile2=http://host/two")
                    ->choices,
                ElementsAre("http://host/one", "http://host/two"));
    EXPECT_TRUE(is_playlist("#EXTM3U\n"));
    EXPECT_TRUE(is_playlist("[playlist]"));
    EXPECT_FALSE(is_playlist("ID3"));
}

TEST(PlaylistTest, SaysWhatItCannotListenTo) {
    const auto message = [](const char* text) { return parse_playlist(text).error().message; };
    EXPECT_THAT(message("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:1,\na\n"), HasSubstr("encrypted"));
    EXPECT_THAT(message("#EXTM3U\n#EXT-X-BYTERANGE:100@0\na\n"), HasSubstr("parts of one file"));
    EXPECT_THAT(message("#EXTM3U\n#EXT-X-ENDLIST\n"), HasSubstr("empty"));
    EXPECT_TRUE(parse_playlist("#EXTM3U\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\na\n"));
}

TEST(PlaylistTest, NumbersAreBounded) {
    const auto list = parse_playlist("#EXTM3U\n#EXT-X-TARGETDURATION:nan\n#EXT-X-MEDIA-SEQUENCE:-5\n#EXTINF:nan,\na\n");
    ASSERT_TRUE(list);
    EXPECT_LE(list->target_seconds, 60);
    EXPECT_EQ(list->first_number, 0U);
}

}  // namespace
}  // namespace audio_ident::monitor
