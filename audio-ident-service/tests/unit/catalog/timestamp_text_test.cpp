#include "catalog/timestamp_text.hpp"

#include <gtest/gtest.h>

namespace audio_ident::catalog {
namespace {

TEST(TimestampText, PrintsUtcWithMicrosecondsAndReadsItBack) {
    const Timestamp time = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + std::chrono::hours(23) +
                           std::chrono::minutes(5) + std::chrono::seconds(9) + std::chrono::microseconds(42);
    EXPECT_EQ(timestamp_to_text(time), "2024-02-29T23:05:09.000042Z");
    EXPECT_EQ(timestamp_from_text("2024-02-29T23:05:09.000042Z"), time);
    EXPECT_EQ(timestamp_to_text(Timestamp(std::chrono::microseconds(-1))), "1969-12-31T23:59:59.999999Z");
}

TEST(TimestampText, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "2024-02-29", "2023-02-29T00:00:00.000000Z", "2024-13-01T00:00:00.000000Z", "2024-02-29T24:00:00.000000Z",
          "2024-02-29T00:60:00.000000Z", "2024-02-29T00:00:00.000000 ", "2024-02-29 00:00:00.000000Z",
          "2024-02-29T00:00:00,000000Z", "2024-02-29T00:00:-1.000000Z", "-024-02-29T00:00:00.000000Z"}) {
        EXPECT_EQ(timestamp_from_text(text), std::nullopt) << text;
    }
}

TEST(TimestampText, TextOrderIsTimeOrder) {
    const Timestamp now = current_timestamp();
    EXPECT_LT(timestamp_to_text(now), timestamp_to_text(now + std::chrono::microseconds(1)));
    EXPECT_EQ(timestamp_from_text(timestamp_to_text(now)), now);
}

}  // namespace
}  // namespace audio_ident::catalog
