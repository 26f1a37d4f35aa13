#include "http/content_disposition.hpp"

#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

TEST(ContentDisposition, KeepsTheNameWhateverItIs) {
    EXPECT_EQ(attachment("set.cue"), "attachment; filename=\"set.cue\"; filename*=UTF-8''set.cue");
    EXPECT_EQ(attachment("é 1.csv"), "attachment; filename=\"__ 1.csv\"; filename*=UTF-8''%C3%A9%201.csv");
    EXPECT_EQ(attachment("a\"\r\nX: \\/%.m3u8"),
              "attachment; filename=\"a___X: ___.m3u8\"; filename*=UTF-8''a%22%0D%0AX%3A%20%5C%2F%25.m3u8");
}

}  // namespace
}  // namespace audio_ident::http
