#include "monitor/plays/station_clock.hpp"

#include <gtest/gtest.h>

namespace audio_ident::monitor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)};
constexpr std::int64_t kSecond = fingerprint::kSampleRateHz;

double off(const StationClock& clock, std::int64_t samples, Timestamp wanted) {
    return std::chrono::duration<double>(clock.at(samples) - wanted).count();
}

TEST(StationClockTest, CountsFromTheConnection) {
    StationClock clock;
    clock.start(kStart);
    EXPECT_EQ(clock.at(0), kStart);
    EXPECT_EQ(clock.at(90 * kSecond), kStart + seconds(90));
}

TEST(StationClockTest, FollowsASenderWhoseClockIsSlow) {
    StationClock clock;
    clock.start(kStart);
    constexpr int kHours = 48;
    for (std::int64_t second = 1; second <= kHours * 3600; ++second) {
        const auto sent = second * kSecond - second * kSecond / 10'000;  // a tenth of a thousandth less
        EXPECT_FALSE(clock.arrived(sent, kStart + seconds(second)));
    }
    const auto sent = kHours * 3600 * kSecond - kHours * 3600 * kSecond / 10'000;
    EXPECT_NEAR(off(clock, sent, kStart + seconds(kHours * 3600)), 0, 0.1);
}

TEST(StationClockTest, DoesNotMindWhatComesLateAndThenAtOnce) {
    StationClock clock;
    clock.start(kStart);
    for (int second = 1; second <= 100; ++second) {
        const auto samples = (second % 8 < 7 ? second / 8 * 8 : second) * kSecond;
        EXPECT_FALSE(clock.arrived(samples, kStart + seconds(second)));
    }
    EXPECT_NEAR(off(clock, 100 * kSecond, kStart + seconds(100)), 0, 0.1);
}

/// The time of the first sample, when so many seconds come in each of the first ten.
double begin_of(double first, double later) {
    StationClock clock;
    clock.start(kStart);
    double sent = 0;
    for (int tenth = 1; tenth <= 100; ++tenth) {
        sent = first + later * tenth / 10;
        EXPECT_FALSE(clock.arrived(static_cast<std::int64_t>(sent * kSecond), kStart + tenth * milliseconds(100)));
    }
    return off(clock, 0, kStart);
}

TEST(StationClockTest, TakesWhatComesAtOnceFirstForThePast) {
    EXPECT_NEAR(begin_of(8, 1), -8, 0.1);
    EXPECT_NEAR(begin_of(0, 1), 0, 0.1);
    EXPECT_NEAR(begin_of(0, 20), 0, 0.1) << "a stream that is fed faster";
}

TEST(StationClockTest, ARecordingNeverComesLate) {
    StationClock clock(StationClock::Kind::recording);
    clock.start(kStart);
    for (int second = 1; second <= 60; ++second)
        EXPECT_FALSE(clock.arrived(second * kSecond / 3, kStart + seconds(second)));
    EXPECT_EQ(clock.at(20 * kSecond), kStart + seconds(20));
}

TEST(StationClockTest, NoticesAStreamThatStoodStill) {
    StationClock clock;
    clock.start(kStart);
    bool is_noticed = false;
    for (int second = 31; second <= 55 && !is_noticed; ++second)
        is_noticed = clock.arrived((second - 30) * kSecond, kStart + seconds(second)).has_value();
    EXPECT_TRUE(is_noticed);
}

}  // namespace
}  // namespace audio_ident::monitor
