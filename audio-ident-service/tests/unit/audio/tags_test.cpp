#include "audio/tags.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"
#include "util/utf8.hpp"

namespace audio_ident::audio {
namespace {

using namespace std::string_literals;

struct Named {
    const char* file;
    const char* artist;  ///< "": none
    const char* album;
    const char* title;
};

void PrintTo(const Named& named, std::ostream* out) {
    *out << named.file;
}

class FileName : public testing::TestWithParam<Named> {};

TEST_P(FileName, GivesTags) {
    const Tags tags = tags_from_file_name(std::filesystem::path("/music/folder.d") / GetParam().file);
    EXPECT_EQ(tags.artist.value_or(""), GetParam().artist);
    EXPECT_EQ(tags.album.value_or(""), GetParam().album);
    EXPECT_EQ(tags.title.value_or("(none)"), GetParam().title);
}

INSTANTIATE_TEST_SUITE_P(
    Tags, FileName,
    testing::Values(Named{"Blue.mp3", "", "", "Blue"}, Named{"Joni - Blue.mp3", "Joni", "", "Blue"},
                    Named{"Joni – Blue.mp3", "Joni", "", "Blue"}, Named{"03 - Blue.flac", "", "", "Blue"},
                    Named{"03 Blue.flac", "", "", "Blue"}, Named{"03. Blue.flac", "", "", "Blue"},
                    Named{"12. Blue.flac", "", "", "Blue"}, Named{"12) Blue.flac", "", "", "Blue"},
                    Named{"1-03 Blue.flac", "", "", "Blue"}, Named{"03_Blue.flac", "", "", "Blue"},
                    Named{"03 - Joni - Blue.flac", "Joni", "", "Blue"},
                    Named{"03 Joni - Blue.flac", "Joni", "", "Blue"},
                    Named{"Joni - 03 - Blue.flac", "Joni", "", "Blue"},
                    Named{"Joni - Best Of - 03 - Blue.flac", "Joni", "Best Of", "Blue"},
                    Named{"Joni - Blue - Live.mp3", "Joni", "", "Blue - Live"},
                    Named{"joni_-_blue_sky.ogg", "joni", "", "blue sky"},
                    Named{"snake_case name.ogg", "", "", "snake_case name"},
                    Named{"99 Luftballons.mp3", "", "", "99 Luftballons"}, Named{"1999.mp3", "", "", "1999"},
                    Named{"07.mp3", "", "", "07"}, Named{"Nena - 99.mp3", "Nena", "", "99"},
                    Named{"Twenty-One.mp3", "", "", "Twenty-One"}, Named{"10-4.mp3", "", "", "10-4"},
                    Named{"Mr. Right", "", "", "Mr. Right"}, Named{".hidden", "", "", ".hidden"},
                    Named{"a.b.c.mp3", "", "", "a.b.c"}, Named{" - .mp3", "", "", "-"},
                    Named{"line\nbreak.mp3", "", "", "line break"}, Named{"caf\xE9.mp3", "", "", "café"},
                    Named{"\x01.mp3", "", "", ".mp3"}));

TEST(Tags, FileNameAlwaysGivesATitle) {
    EXPECT_EQ(tags_from_file_name("").title, "untitled");
    EXPECT_EQ(tags_from_file_name("\n").title, "untitled");
    EXPECT_EQ(util::code_point_count(*tags_from_file_name(std::string(250, 'x')).title), 250U);
}

TEST(Tags, CleaningKeepsGoodTextAndRemovesTheRest) {
    EXPECT_EQ(clean_tag("  Blåbær – 青い  "), "Blåbær – 青い");
    EXPECT_EQ(clean_tag("two\r\nlines\tand a tab"), "two  lines and a tab");
    EXPECT_EQ(clean_tag("a\0b\x1B[31m\x7F\xC2\x85"s), "ab[31m");
    EXPECT_EQ(clean_tag("caf\xE9"), "café");
    EXPECT_EQ(clean_tag(""), std::nullopt);
    EXPECT_EQ(clean_tag(" \n\t "), std::nullopt);
}

TEST(Tags, CleaningCutsAt500CharactersNotBytes) {
    std::string text;
    for (int i = 0; i < 600; ++i) text += "é";
    EXPECT_EQ(util::code_point_count(*clean_tag(text)), 500U);
    EXPECT_TRUE(util::is_utf8(*clean_tag(text)));
}

class TaggedFile : public testing::TestWithParam<const char*> {};

TEST_P(TaggedFile, GivesTitleArtistAndAlbum) {
    const test::TempFolder folder;
    test::encode(test::music(1, 1), folder / GetParam(),
                 {"-metadata", "title= Blåbær 青い ", "-metadata", "artist=Jøni", "-metadata", "album=Blue",
                  "-write_id3v2", "1"});
    const auto info = make_ffmpeg_decoder()->probe(folder / GetParam(), {});
    ASSERT_TRUE(info.has_value()) << info.error().message;
    EXPECT_EQ(info->tags.title, "Blåbær 青い");
    EXPECT_EQ(info->tags.artist, "Jøni");
    EXPECT_EQ(info->tags.album, "Blue");
}

INSTANTIATE_TEST_SUITE_P(Tags, TaggedFile,
                         testing::Values("a.mp3", "a.flac", "a.ogg", "a.opus", "a.m4a", "a.wma", "a.wav", "a.aiff",
                                         "a.webm", "a.wv"));

TEST(Tags, AnUntaggedFileHasNone) {
    const test::Bytes wav = test::wav_bytes(test::music(1, 1));
    const auto info = make_ffmpeg_decoder()->probe(std::span<const std::byte>(wav), {});
    ASSERT_TRUE(info.has_value());
    EXPECT_EQ(info->tags.title, std::nullopt);
    EXPECT_EQ(info->tags.artist, std::nullopt);
    EXPECT_EQ(info->tags.album, std::nullopt);
}

TEST(Tags, ReadsId3v1InLatin1) {
    const test::TempFolder folder;
    test::encode(test::music(1, 1), folder / "a.mp3", {"-write_xing", "0", "-id3v2_version", "0"});
    test::Bytes bytes = test::read_file(folder / "a.mp3");
    std::string tag = "TAG"s + "Caf\xE9";
    tag.resize(33, '\0');
    tag += "Jos\xE9";
    tag.resize(128, '\0');
    for (const char c : tag) bytes.push_back(static_cast<std::byte>(c));
    const auto info = make_ffmpeg_decoder()->probe(std::span<const std::byte>(bytes), {});
    ASSERT_TRUE(info.has_value()) << info.error().message;
    EXPECT_EQ(info->tags.title, "Café");
    EXPECT_EQ(info->tags.artist, "José");
}

// The art fills the first megabyte, in which the demuxer is detected.
TEST(Tags, LargeEmbeddedArtHidesNothing) {
    const test::TempFolder folder;
    test::run_ffmpeg({"-f", "lavfi", "-i", "nullsrc=s=900x900,geq=random(1)*255:128:128", "-frames:v", "1",
                      (folder / "art.png").string()});
    test::write_wav(folder / "a.wav", test::music(1, 2));
    test::run_ffmpeg({"-i", (folder / "a.wav").string(), "-i", (folder / "art.png").string(), "-map", "0", "-map", "1",
                      "-c:v", "png", "-metadata", "title=Blue", (folder / "a.mp3").string()});
    ASSERT_GT(std::filesystem::file_size(folder / "a.mp3"), 1U << 20);
    const auto decoded = test::decode(folder / "a.mp3");
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_EQ(decoded->summary.info.format, "mp3");
    EXPECT_EQ(decoded->summary.info.tags.title, "Blue");
    EXPECT_NEAR(decoded->summary.duration_seconds, 2, 0.03);
    EXPECT_EQ(decoded->summary.damaged_frames, 0);
}

}  // namespace
}  // namespace audio_ident::audio
