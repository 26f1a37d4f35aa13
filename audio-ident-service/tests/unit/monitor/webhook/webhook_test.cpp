#include "monitor/webhook/webhook.hpp"

#include <gtest/gtest.h>

namespace audio_ident::monitor {
namespace {

// Made with: printf '1767225600.{"id":"1"}' | openssl dgst -sha256 -hmac s3cret
TEST(Webhook, SignsTheTimeAndTheBody) {
    EXPECT_EQ(webhook_signature("s3cret", "1767225600", R"({"id":"1"})"),
              "sha256=fbad12cb3701be81b3d3427b7c2c742c7b2678a38221977287333a4964d16fc6");
}

TEST(Webhook, SaysThatNobodyAnswers) {
    Webhook webhook({"http://127.0.0.1:1/", "s3cret"});
    const auto reply = webhook.post("1", "{}", Deadline::after(std::chrono::seconds(10)));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().kind, ErrorKind::not_available);
}

}  // namespace
}  // namespace audio_ident::monitor
