#include "http/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Query, ReadsFieldsInOrder) {
    EXPECT_THAT(*parse_query("a=1&&b=x%20y+z&c&a=%C3%A9&=v"),
                ElementsAre(Pair("a", "1"), Pair("b", "x y z"), Pair("c", ""), Pair("a", "é"), Pair("", "v")));
    EXPECT_TRUE(parse_query("")->empty());
}

TEST(Query, RefusesWhatIsNoText) {
    for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%FF", "a=%00", "%80=a"}) EXPECT_FALSE(parse_query(bad)) << bad;
    std::string many;
    for (int i = 0; i < 101; ++i) many += "a=1&";
    EXPECT_FALSE(parse_query(many));
}

TEST(Query, APlusInAPathIsAPlus) {
    EXPECT_EQ(percent_decode("a+b%2B", Plus::plain), "a+b+");
}

}  // namespace
}  // namespace audio_ident::http
