#include <gtest/gtest.h>

#include "support/decode.hpp"
#include "support/encode.hpp"
#include "support/id3.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"
#include "util/utf8.hpp"

// ID3 tags that claim to be Latin-1 but are in the encoding of the system that wrote them came out as mojibake.

namespace audio_ident::audio {
namespace {

using namespace std::string_literals;

const test::Bytes& untagged_mp3() {
    static const test::Bytes bytes = [] {
        const test::TempFolder folder;
        test::encode(test::music(1, 1), folder / "a.mp3", {"-write_xing", "0", "-id3v2_version", "0"});
        return test::read_file(folder / "a.mp3");
    }();
    return bytes;
}

Tags tags_of(const test::Bytes& bytes, const std::string& fallback = {}) {
    const auto info = make_ffmpeg_decoder({fallback})->probe(std::span<const std::byte>(bytes), {});
    EXPECT_TRUE(info.has_value()) << info.error().message;
    return info ? info->tags : Tags{};
}

test::Bytes with_id3v1(const std::string& title, const std::string& artist, const std::string& album) {
    test::Bytes bytes = untagged_mp3();
    for (const char c : test::id3v1(title, artist, album)) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

test::Bytes with_id3v2(const std::string& title, const std::string& artist, const std::string& album) {
    return test::Id3Tag(3).text("TIT2", 0, title).text("TPE1", 0, artist).text("TALB", 0, album).before(untagged_mp3());
}

struct Case {
    const char* name;
    std::string title, artist, album;  ///< as bytes
    Tags right;
};

void PrintTo(const Case& each, std::ostream* out) {
    *out << each.name;
}

// "Группа крови", "Кино"; "青花瓷", "周杰伦", "我很忙"; "ロビンソン", "スピッツ"; "Příliš žluťoučký", "Dvořák"; "Żółw", "Wałęsa".
const Case kCases[] = {
    {"windows-1251",
     "\xC3\xF0\xF3\xEF\xEF\xE0 \xEA\xF0\xEE\xE2\xE8",
     "\xCA\xE8\xED\xEE",
     "1988",
     {"Группа крови", "Кино", "1988"}},
    {"GBK",
     "\xC7\xE0\xBB\xA8\xB4\xC9",
     "\xD6\xDC\xBD\xDC\xC2\xD7",
     "\xCE\xD2\xBA\xDC\xC3\xA6",
     {"青花瓷", "周杰伦", "我很忙"}},
    {"Shift_JIS",
     "\x83\x8D\x83\x72\x83\x93\x83\x5C\x83\x93",
     "\x83\x58\x83\x73\x83\x62\x83\x63",
     "CRISPY!",
     {"ロビンソン", "スピッツ", "CRISPY!"}},
    {"Czech", "P\xF8\xEDli\x9A \x9Elu\x9Dou\xE8k\xFD", "Dvo\xF8\xE1k", "Live", {"Příliš žluťoučký", "Dvořák", "Live"}},
    {"Polish", "\xAF\xF3\xB3w", "Lech Wa\xB3\xEAsa", "Live", {"Żółw", "Lech Wałęsa", "Live"}},
};

class Mislabelled : public testing::TestWithParam<Case> {
  protected:
    static void expect_right(const Tags& tags) {
        EXPECT_EQ(tags.title, GetParam().right.title);
        EXPECT_EQ(tags.artist, GetParam().right.artist);
        EXPECT_EQ(tags.album, GetParam().right.album);
    }
};

TEST_P(Mislabelled, Id3v2IsReadInItsOwnEncoding) {
    expect_right(tags_of(with_id3v2(GetParam().title, GetParam().artist, GetParam().album)));
}

TEST_P(Mislabelled, Id3v1IsReadInItsOwnEncoding) {
    expect_right(tags_of(with_id3v1(GetParam().title, GetParam().artist, GetParam().album)));
}

INSTANTIATE_TEST_SUITE_P(Tags, Mislabelled, testing::ValuesIn(kCases));

TEST(TagEncodings, RiffTagsAreReadInTheirOwnEncoding) {
    test::Bytes wav = test::wav_bytes(test::music(1, 1));
    const std::string title = "\xC3\xF0\xF3\xEF\xEF\xE0 \xEA\xF0\xEE\xE2\xE8";
    const std::string list = "LIST\x18\0\0\0INFOINAM\x0C\0\0\0"s + title;
    for (const char c : list) wav.push_back(static_cast<std::byte>(c));
    EXPECT_EQ(tags_of(wav).title, "Группа крови");
}

TEST(TagEncodings, Utf8ThatClaimsToBeLatin1IsUtf8) {
    EXPECT_EQ(tags_of(with_id3v2("Café 青い", "Jos\xC3\xA9", "x")).title, "Café 青い");
    EXPECT_EQ(tags_of(with_id3v2("Café 青い", "Jos\xC3\xA9", "x")).artist, "José");
}

TEST(TagEncodings, Latin1StaysLatin1) {
    const Tags tags =
        tags_of(with_id3v2("Bl\xE5"
                           "b\xE6r & \xD8l",
                           "Bj\xF6rk", "\xC1g\xE6tis byrjun"));
    EXPECT_EQ(tags.title, "Blåbær & Øl");
    EXPECT_EQ(tags.artist, "Björk");
    EXPECT_EQ(tags.album, "Ágætis byrjun");
}

// Windows wrote its typographic quotes into the range that Latin-1 leaves to control characters.
TEST(TagEncodings, TypographicQuotesSurvive) {
    EXPECT_EQ(tags_of(with_id3v2("Don\x92t \x93stop\x94", "x", "y")).title, "Don’t “stop”");
}

// Two tags of a file are not enough text for a verdict, but its owner knows.
TEST(TagEncodings, FallbackIsUsedWhereTheBytesDoNotTell) {
    const test::Bytes greek = with_id3v2("\xC6\xEF\xF1\xEC\xF0\xDC\xF2", "\xCC\xDF\xEA\xE7\xF2", "Bj\xF6rk");
    const Tags tags = tags_of(greek, "windows-1253");
    EXPECT_EQ(tags.title, "Ζορμπάς");
    EXPECT_EQ(tags.artist, "Μίκης");
    EXPECT_EQ(tags.album, "Björk");
    EXPECT_EQ(tags_of(with_id3v2("Martin\xF9", "x", "y"), "windows-1250").title, "Martinů");
    EXPECT_EQ(tags_of(with_id3v2("Martin\xF9", "x", "y")).title, "Martinù");
}

// A text that states its encoding is read in it, whatever the fallback.
TEST(TagEncodings, UnicodeTextIgnoresTheFallback) {
    const test::Bytes bytes = test::Id3Tag(3)
                                  .text("TIT2", 1,
                                        "\xFF\xFE"
                                        "C\0a\0f\0\xE9\0"s)
                                  .before(untagged_mp3());
    EXPECT_EQ(tags_of(bytes, "windows-1251").title, "Café");
}

TEST(TagEncodings, AnyBytesGiveUtf8) {
    std::uint64_t seed = 1;
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) {
            seed = seed * 6364136223846793005 + 1442695040888963407;
            text += static_cast<char>(seed >> 56);
        }
        for (const char* fallback : {"", "windows-1251", "gbk", "shift_jis", "big5"}) {
            const Tags tags = tags_of(with_id3v2(text, text, text), fallback);
            EXPECT_TRUE(util::is_utf8(tags.title.value_or("")));
        }
    }
}

}  // namespace
}  // namespace audio_ident::audio
