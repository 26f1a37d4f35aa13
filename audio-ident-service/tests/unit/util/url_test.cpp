#include "util/url.hpp"

#include <gtest/gtest.h>

namespace audio_ident::util {
namespace {

TEST(MaskUrl, HidesThePasswordOnly) {
    EXPECT_EQ(mask_url("postgresql://me:pw@host:5432/db"), "postgresql://me:***@host:5432/db");
    EXPECT_EQ(mask_url("postgresql://:pw@host/db"), "postgresql://:***@host/db");
    EXPECT_EQ(mask_url("postgresql://me@host:5432/db"), "postgresql://me@host:5432/db");
    EXPECT_EQ(mask_url("http://host:6333/path?x=1"), "http://host:6333/path?x=1");
    EXPECT_EQ(mask_url("sqlite:///music/a:b@c/catalog.db"), "sqlite:///music/a:b@c/catalog.db");
    EXPECT_EQ(mask_url("no url"), "no url");
}

TEST(MaskUrl, HidesPasswordsThatWereNotEscaped) {
    EXPECT_EQ(mask_url("postgresql://me:p/w?@x@host/db"), "postgresql://me:***@host/db");
    EXPECT_EQ(mask_url("postgresql://me:a:b@host/db"), "postgresql://me:***@host/db");
}

TEST(MaskUrl, HidesAPasswordAmongTheParameters) {
    EXPECT_EQ(mask_url("postgresql://host/db?user=me&password=pw&sslmode=require"),
              "postgresql://host/db?user=me&password=***&sslmode=require");
    EXPECT_EQ(mask_url("postgresql://host/db?password=pw"), "postgresql://host/db?password=***");
}

TEST(PercentEncoded, GoesByByte) {
    EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encoded("a b+c/é%", "/"), "a%20b%2Bc/%C3%A9%25");
    EXPECT_EQ(percent_encoded("a/b"), "a%2Fb");
    EXPECT_EQ(percent_encoded("!'()*"), "%21%27%28%29%2A");
}

}  // namespace
}  // namespace audio_ident::util
