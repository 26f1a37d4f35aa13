#include "audio/id3v2.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "support/id3.hpp"

namespace audio_ident::audio {
namespace {

using namespace std::string_literals;

std::vector<Id3Text> read(const std::string& bytes) {
    ffmpeg::MemorySource source(std::as_bytes(std::span(bytes)));
    return read_id3v2(source);
}

/// "TIT2=Blue TPE1=Joni,Herbie"
std::string shown(const std::string& bytes) {
    std::string all;
    for (const Id3Text& text : read(bytes)) {
        all += (all.empty() ? "" : " ") + text.id + "=";
        for (std::size_t i = 0; i < text.values.size(); ++i) all += (i > 0 ? "," : "") + text.values[i];
    }
    return all;
}

TEST(Id3v2, ReadsEveryVersion) {
    EXPECT_EQ(shown(test::Id3Tag(2).text("TT2", 0, "Blue").text("TP1", 0, "Joni").text("TAL", 0, "Hits").bytes()),
              "TIT2=Blue TPE1=Joni TALB=Hits");
    EXPECT_EQ(shown(test::Id3Tag(3).text("TIT2", 0, "Blue").text("TPE1", 0, "Joni").bytes()), "TIT2=Blue TPE1=Joni");
    EXPECT_EQ(shown(test::Id3Tag(4).text("TIT2", 3, "Blue").text("TPE1", 3, "Joni\0Herbie"s).bytes()),
              "TIT2=Blue TPE1=Joni,Herbie");
}

TEST(Id3v2, SaysWhichTextStatesNoEncoding) {
    const auto texts = read(test::Id3Tag(3).text("TIT2", 0, "\xE9").text("TPE1", 1, "\xFF\xFE\xE9\0"s).bytes());
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_TRUE(texts[0].is_8bit);
    EXPECT_EQ(texts[0].values.front(), "\xE9");
    EXPECT_FALSE(texts[1].is_8bit);
    EXPECT_EQ(texts[1].values.front(), "é");
}

TEST(Id3v2, PassesOverPicturesOfAnySize) {
    const std::string picture(200'000, 'T');
    for (const int version : {3, 4}) {
        EXPECT_EQ(shown(test::Id3Tag(version).frame("APIC", picture).text("TIT2", 0, "Blue").bytes()), "TIT2=Blue");
    }
}

// Old versions of iTunes wrote ID3v2.4 with sizes as in ID3v2.3.
TEST(Id3v2, ReadsSizesThatItunesWrote) {
    std::string tag = test::Id3Tag(4).frame("APIC", std::string(0x180, 'x')).text("TIT2", 3, "Blue").bytes();
    tag.replace(14, 4, "\0\0\x01\x80"s);
    EXPECT_EQ(shown(tag), "TIT2=Blue");
    tag = test::Id3Tag(4).frame("APIC", std::string(0x101, 'x')).text("TIT2", 3, "Blue").bytes();
    tag.replace(14, 4, "\0\0\x01\x01"s);
    EXPECT_EQ(shown(tag), "TIT2=Blue");
}

TEST(Id3v2, UndoesUnsynchronisation) {
    // Of the whole tag in ID3v2.3, of a frame in ID3v2.4.
    std::string tag = test::Id3Tag(3).text("TIT2", 1, "\xFF\0\xFE"s + "B\0"s).bytes();
    tag[5] = '\x80';
    tag[17] = '\x05';  // the frame's size counts without the inserted byte
    EXPECT_EQ(shown(tag), "TIT2=B");
    EXPECT_EQ(shown(test::Id3Tag(4).frame("TIT2", "\x01\xFF\0\xFE"s + "B\0"s, "\0\x02"s).bytes()), "TIT2=B");
}

TEST(Id3v2, SkipsWhatFlagsAnnounce) {
    EXPECT_EQ(shown(test::Id3Tag(4)
                        .frame("TIT2",
                               "g\0\0\0\x05\x03"
                               "Blue"s,
                               "\0\x41"s)
                        .bytes()),
              "TIT2=Blue");
    EXPECT_EQ(shown(test::Id3Tag(3).frame("TIT2", "g\0Blue"s, "\0\x20"s).bytes()), "TIT2=Blue");
    EXPECT_EQ(shown(test::Id3Tag(4).frame("TIT2", "\x03zip"s, "\0\x08"s).text("TPE1", 3, "Joni").bytes()), "TPE1=Joni");
    EXPECT_EQ(shown(test::Id3Tag(3).frame("TIT2", "\x03key"s, "\0\x40"s).text("TPE1", 0, "Joni").bytes()), "TPE1=Joni");
    std::string tag = test::Id3Tag(3).text("TIT2", 0, "Blue").bytes();
    tag.insert(10, "\0\0\0\x06\0\0\0\0\0\0"s);
    tag[5] = '\x40';
    tag[9] = static_cast<char>(tag[9] + 10);
    EXPECT_EQ(shown(tag), "TIT2=Blue");
}

TEST(Id3v2, FindsNothingInOtherFiles) {
    EXPECT_EQ(shown(""), "");
    EXPECT_EQ(shown("ID3"), "");
    EXPECT_EQ(shown("RIFF....WAVEfmt "), "");
    EXPECT_EQ(shown("ID3\x09\0\0\0\0\0\x20"s + std::string(32, 'T')), "");
}

TEST(Id3v2, SurvivesAnyDamage) {
    const std::string good = test::Id3Tag(4)
                                 .text("TIT2", 1,
                                       "\xFF\xFE"
                                       "B\0l\0"s)
                                 .frame("TPE1",
                                        "\x03"
                                        "A\0B"s,
                                        "\0\x43"s)
                                 .text("TALB", 0, "x")
                                 .bytes();
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const int value : {0, 1, 2, 3, 0x40, 0x7F, 0x80, 0xFF}) {
            std::string bad = good;
            bad[at] = static_cast<char>(value);
            for (const int version : {2, 3, 4}) {
                bad[3] = static_cast<char>(version);
                EXPECT_LE(read(bad).size(), 3U);
                EXPECT_LE(read(bad.substr(0, at)).size(), 3U);
            }
        }
    }
}

}  // namespace
}  // namespace audio_ident::audio
