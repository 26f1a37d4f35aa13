#include "util/comma_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace audio_ident::util {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommaList, HasNeitherSpaceAroundNorEmptyTexts) {
    EXPECT_THAT(comma_list(" a b ,,c, "), ElementsAre("a b", "c"));
    EXPECT_THAT(comma_list("a"), ElementsAre("a"));
    EXPECT_THAT(comma_list(" , "), IsEmpty());
    EXPECT_THAT(comma_list(""), IsEmpty());
}

}  // namespace
}  // namespace audio_ident::util
