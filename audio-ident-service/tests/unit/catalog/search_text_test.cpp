#include "catalog/search_text.hpp"

#include <gtest/gtest.h>

#include "util/utf8.hpp"

namespace audio_ident::catalog {
namespace {

TEST(SearchText, FoldsCaseAndForm) {
    EXPECT_EQ(fold("ÄRGER"), "ärger");
    EXPECT_EQ(fold("Straße"), "strasse");
    EXPECT_EQ(fold("ΟΔΟΣ"), fold("οδος"));
    EXPECT_EQ(fold("e\u0301"), "é");
    EXPECT_EQ(fold("Ⅳ ①"), "iv 1");
    EXPECT_EQ(fold("soft\u00ADhyphen"), "softhyphen");
}

TEST(SearchText, FoldingTwiceChangesNothingAndKeepsUtf8) {
    for (char32_t c = 1; c < 0x30000; c += 7) {
        if (c >= 0xD800 && c < 0xE000) continue;
        std::string text = "a";
        if (c < 0x80) text += static_cast<char>(c);
        else if (c < 0x800) text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
        else if (c < 0x10000)
            text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
                     static_cast<char>(0x80 | (c & 63))};
        else
            text += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
                     static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
        ASSERT_TRUE(util::is_utf8(text));
        const std::string folded = fold(text);
        EXPECT_TRUE(util::is_utf8(folded));
        EXPECT_EQ(fold(folded), folded) << static_cast<unsigned>(c);
    }
}

TEST(SearchText, TitleAndArtistAreALineEach) {
    EXPECT_EQ(search_text("One\nTwo", "Three"), "one two\nthree");
    EXPECT_EQ(search_text("One", std::nullopt), "one\n");
}

TEST(SearchText, PatternsEscapeWildcards) {
    EXPECT_EQ(search_pattern("50% of_\\"), "%50\\% of\\_\\\\%");
    EXPECT_EQ(search_pattern(std::string(100'000, 'x')), std::nullopt);
}

}  // namespace
}  // namespace audio_ident::catalog
