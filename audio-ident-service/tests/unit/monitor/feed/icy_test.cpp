#include "monitor/feed/icy.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace audio_ident::monitor {
namespace {

using testing::ElementsAre;

std::string titled(const std::string& text) {
    std::string bytes(1, static_cast<char>((text.size() + 15) / 16));
    bytes += text;
    bytes.append((16 - text.size() % 16) % 16, '\0');
    return bytes;
}

struct Taken {
    std::string sound;
    std::vector<std::string> titles;
};

Taken taken(const std::string& stream, std::size_t between, std::size_t piece) {
    Taken all;
    Icy icy(between);
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        icy.consume(
            std::as_bytes(std::span(stream).subspan(at, std::min(piece, stream.size() - at))),
            [&](std::span<const std::byte> sound) {
                all.sound.append(reinterpret_cast<const char*>(sound.data()), sound.size());
            },
            [&](const std::string& title) { all.titles.push_back(title); });
    }
    return all;
}

TEST(IcyTest, TakesTitlesOutHoweverTheStreamIsCut) {
    const std::string stream = "12345678" + titled("StreamTitle='It's a; Song';StreamUrl='x';") + "abcdefgh" +
                               titled("") + "ABCDEFGH" + titled("StreamTitle='';") + "end";
    for (const std::size_t piece : {1U, 2U, 7U, 100U}) {
        const auto all = taken(stream, 8, piece);
        EXPECT_EQ(all.sound, "12345678abcdefghABCDEFGHend");
        EXPECT_THAT(all.titles, ElementsAre("It's a; Song", ""));
    }
}

TEST(IcyTest, LeavesAStreamWithoutTitlesAlone) {
    const auto all = taken("12345", 0, 2);
    EXPECT_EQ(all.sound, "12345");
    EXPECT_TRUE(all.titles.empty());
}

TEST(IcyTest, TitlesAreCleanText) {
    EXPECT_EQ(stream_title("StreamTitle='Caf\xE9\n';"), "Café");
    EXPECT_EQ(stream_title("StreamTitle='cut off"), "cut off");
    EXPECT_EQ(stream_title("StreamUrl='x';"), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::monitor
