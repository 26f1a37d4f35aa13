#include "http/rate_limit.hpp"

#include <gtest/gtest.h>

namespace audio_ident::http {
namespace {

TEST(RateLimit, RefillsEvenly) {
    RateLimiter limiter(60);
    const RateLimiter::Clock::time_point begin{};
    for (int i = 0; i < 60; ++i) EXPECT_EQ(limiter.check("a", begin).count(), 0);
    EXPECT_EQ(limiter.check("a", begin).count(), 1);
    EXPECT_EQ(limiter.check("b", begin).count(), 0);
    EXPECT_EQ(limiter.check("a", begin + std::chrono::seconds(1)).count(), 0);
    EXPECT_EQ(limiter.check("a", begin + std::chrono::seconds(1)).count(), 1);
    RateLimiter none(0);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(none.check("a", begin).count(), 0);
}

}  // namespace
}  // namespace audio_ident::http
