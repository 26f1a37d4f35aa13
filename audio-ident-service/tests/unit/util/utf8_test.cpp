#include "util/utf8.hpp"

#include <gtest/gtest.h>
#include <string>

namespace audio_ident::util {
namespace {

TEST(Utf8, KnowsWellFormedText) {
    for (const char* text : {"", "plain", "Ärger", "Ελλάδα", "日本語", "🎵", "\uD7FF\uE000", "\U0010FFFF"}) {
        EXPECT_TRUE(is_utf8(text)) << text;
    }
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndTooLargeForms) {
    for (const char* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                             "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3",
                             "\xE2\x82", "\xF0\x9F\x8E", "a\xE2\x28\xA1", "\xE2\x82\x28"}) {
        EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(std::string(text));
    }
}

TEST(Utf8, CountsAndCutsBetweenCodePoints) {
    EXPECT_EQ(code_point_count("aä日🎵"), 4U);
    EXPECT_EQ(first_code_points("aä日🎵", 3), "aä日");
    EXPECT_EQ(first_code_points("aä日🎵", 0), "");
    EXPECT_EQ(first_code_points("aä日🎵", 9), "aä日🎵");
}

TEST(Utf8, SanitisedTextIsWellFormedAndKeepsWhatWas) {
    EXPECT_EQ(sanitise_utf8("Björk\xFF!"), "Björk\uFFFD!");
    EXPECT_EQ(sanitise_utf8(std::string_view("a\0b", 3)), "a\uFFFDb");
    EXPECT_EQ(sanitise_utf8("caf\xE9"), "caf\uFFFD");
    for (int byte = 0; byte < 256; ++byte) {
        const std::string clean = sanitise_utf8(std::string("x") + static_cast<char>(byte) + "\xBF");
        EXPECT_TRUE(is_utf8(clean)) << byte;
        EXPECT_EQ(clean.find('\0'), std::string::npos);
    }
}

TEST(Utf8, TrimsUnicodeSpaceAtBothEndsOnly) {
    EXPECT_EQ(trim_space("\uFEFF \t\u00A0Über  uns\u3000\r\n"), "Über  uns");
    EXPECT_EQ(trim_space("\u2028 \u200A"), "");
    EXPECT_EQ(trim_space("à"), "à") << "its last byte is that of U+00A0";
}

}  // namespace
}  // namespace audio_ident::util
