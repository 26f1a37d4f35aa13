#include "lib/curl/s3_text.hpp"

#include <gmock/gmock.h>

namespace audio_ident::curl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(S3Text, ElementsAreRead) {
    EXPECT_THAT(s3_elements("<L><Key>a &amp; b</Key><Size>1</Size><Key>&lt;&#x66f2;&#34;&gt;</Key></L>", "Key"),
                ElementsAre("a & b", "<曲\">"));
    EXPECT_THAT(s3_elements("<Key>&none; & &#xFFFFFFFFF;</Key>", "Key"), ElementsAre("&none; & &#xFFFFFFFFF;"));
    EXPECT_THAT(s3_elements("<Key>without an end", "Key"), IsEmpty());
    EXPECT_THAT(s3_elements("", "Key"), IsEmpty());
}

TEST(S3Text, TimesKeepTheirNanoseconds) {
    EXPECT_EQ(s3_time("1764450000.123456789"), 1764450000123456789);
    EXPECT_EQ(s3_time_text(1764450000123456789), "1764450000.123456789");
    EXPECT_EQ(s3_time("12.5"), 12'500'000'000);
    EXPECT_EQ(s3_time("12"), 12'000'000'000);
    for (const auto* wrong : {"", ".5", "12.", "-1", "a", "12.1234567890", "12.-5", "99999999999999999999"})
        EXPECT_EQ(s3_time(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace audio_ident::curl
