#include "http/range.hpp"

#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

TEST(Range, GivesTheBytesThatAreAskedFor) {
    const auto range = [](std::string_view header) { return std::get<ByteRange>(parse_range(header, 1000)); };
    EXPECT_EQ(range("bytes=0-0"), (ByteRange{0, 1}));
    EXPECT_EQ(range("bytes=10-19"), (ByteRange{10, 10}));
    EXPECT_EQ(range("bytes=990-"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=990-99999999999999999999999"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=-10"), (ByteRange{990, 10}));
    EXPECT_EQ(range("bytes=-5000"), (ByteRange{0, 1000}));
}

TEST(Range, IgnoresWhatItDoesNotUnderstand) {
    for (const char* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "items=0-1", "bytes=0-1,5-6",
                               "bytes= 0-1", "bytes=0x1-2", "bytes=--5"}) {
        EXPECT_TRUE(std::holds_alternative<WholeBody>(parse_range(header, 1000))) << header;
    }
}

TEST(Range, SaysWhenThereIsNothingThere) {
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=1000-", 1000)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=-0", 1000)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=0-", 0)));
    EXPECT_TRUE(std::holds_alternative<Unsatisfiable>(parse_range("bytes=-1", 0)));
}

}  // namespace
}  // namespace audio_ident::http
