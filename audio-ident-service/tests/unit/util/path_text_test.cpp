#include "util/path_text.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <string>

#include "util/utf8.hpp"

namespace audio_ident::util {
namespace {

TEST(PathText, LeavesOrdinaryNamesAlone) {
    for (const char* path : {"", "/music/Björk/Jóga.flac", "/a b/c\nd.mp3", "/日本/🎵", "/back\\slash", "/ends in \\"}) {
        EXPECT_EQ(path_to_text(path), path);
        EXPECT_EQ(path_from_text(path), path);
    }
}

TEST(PathText, EscapesWhatTextCannotCarry) {
    EXPECT_EQ(path_to_text("/caf\xE9.mp3"), "/caf\\xE9.mp3");
    EXPECT_EQ(path_to_text("\xED\xA0\x80"), "\\xED\\xA0\\x80");
    EXPECT_EQ(path_to_text(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(path_to_text("\\x41"), "\\x5Cx41");
    EXPECT_EQ(path_to_text("\\\xFF"), "\\\\xFF");
}

TEST(PathText, TwoNamesNeverShareOneText) {
    // Every string of up to five symbols that matter to the escaping.
    const std::string alphabet("\\x5C\xC3\xBC", 6);
    std::set<std::string> texts;
    std::size_t names = 0;
    for (std::size_t length = 0; length <= 5; ++length) {
        std::size_t count = 1;
        for (std::size_t i = 0; i < length; ++i) count *= alphabet.size();
        for (std::size_t number = 0; number < count; ++number) {
            std::string name;
            for (std::size_t i = 0, rest = number; i < length; ++i, rest /= alphabet.size()) {
                name += alphabet[rest % alphabet.size()];
            }
            const std::string text = path_to_text(name);
            ASSERT_TRUE(is_utf8(text));
            ASSERT_EQ(path_from_text(text), name);
            texts.insert(text);
            ++names;
        }
    }
    EXPECT_EQ(texts.size(), names);
}

TEST(PathText, RandomBytesComeBack) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string name;
        for (std::size_t i = random() % 40; i > 0; --i) name += static_cast<char>(random() & 0xFF);
        const std::string text = path_to_text(name);
        ASSERT_TRUE(is_utf8(text));
        ASSERT_EQ(text.find('\0'), std::string::npos);
        ASSERT_EQ(path_from_text(text), name);
    }
}

TEST(PathText, AMessageNamesAFileAsItsSenderDoes) {
    EXPECT_EQ(renamed_in("/data/incoming-1: is empty", "/data/incoming-1", "song.mp3"), "song.mp3: is empty");
    EXPECT_EQ(renamed_in("/data/ab/song.mp3: is empty", "/data/ab/", ""), "song.mp3: is empty");
    EXPECT_EQ(renamed_in("no memory", "/data/incoming-1", "song.mp3"), "no memory");
}

TEST(PathText, RefusesTextThatNoNameHas) {
    for (const char* text :
         {"\\x", "\\x4", "\\xZZ", "\\xe9", "\\x41", "\\x5C", "\\x5Cy", "raw \xFF byte", "\\xC3\\xBC"}) {
        EXPECT_EQ(path_from_text(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace audio_ident::util
