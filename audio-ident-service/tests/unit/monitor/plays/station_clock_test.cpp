#include "monitor/plays/station_clock.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "fingerprint/params.hpp"

namespace audio_ident::monitor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart{std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)};
constexpr std::int64_t kSecond = fingerprint::kSampleRateHz;

/// A station and the machine that listens to it.
class StationClockTest : public ::testing::Test {
  protected:
    explicit StationClockTest(StationClock::Kind kind = StationClock::Kind::station) : clock(kind) {
        clock.start(kStart);
    }

    /// Later, when so many seconds of the stream have arrived.
    std::optional<StationClock::Standstill> after(std::chrono::microseconds wait, double arrived) {
        passed += wait;
        return clock.arrived(static_cast<std::int64_t>(std::round(arrived * kSecond)), now(),
                             std::chrono::steady_clock::time_point(passed));
    }
    Timestamp now() const { return kStart + passed + set; }
    /// By how much the time of this second of the stream is off.
    double off(double second, std::chrono::microseconds wanted) const {
        const auto at = clock.at(static_cast<std::int64_t>(std::round(second * kSecond)));
        return std::chrono::duration<double>(at - (kStart + wanted)).count();
    }

    StationClock clock;
    std::chrono::microseconds passed{0};
    std::chrono::microseconds set{0};  ///< somebody set the system's clock by so much
};

TEST_F(StationClockTest, CountsFromTheConnection) {
    EXPECT_EQ(clock.at(0), kStart);
    EXPECT_EQ(clock.at(90 * kSecond), kStart + seconds(90));
}

TEST_F(StationClockTest, FollowsASenderWhoseClockIsSlow) {
    constexpr int kHours = 48;
    constexpr double kRate = 1 - 1e-4;
    for (int second = 1; second <= kHours * 3600; ++second) EXPECT_FALSE(after(seconds(1), second * kRate));
    EXPECT_NEAR(off(kHours * 3600 * kRate, seconds(kHours * 3600)), 0, 0.1);
}

TEST_F(StationClockTest, DoesNotMindWhatComesLateAndThenAtOnce) {
    for (int second = 1; second <= 100; ++second)
        EXPECT_FALSE(after(seconds(1), second % 8 < 7 ? second / 8 * 8 : second));
    EXPECT_NEAR(off(100, seconds(100)), 0, 0.1);
}

TEST_F(StationClockTest, DoesNotMindABusyMachineThatCatchesUp) {
    double heard = 0;
    for (int second = 1; second <= 300; ++second) {
        heard = second <= 200 ? second * 0.9 : std::min<double>(second, heard + 1.3);
        EXPECT_FALSE(after(seconds(1), heard)) << second;
    }
    EXPECT_NEAR(off(150, seconds(150)), 0, 0.1);
    EXPECT_NEAR(off(300, seconds(300)), 0, 0.1);
}

class BeginOfAStreamTest : public StationClockTest {
  protected:
    /// When so many seconds come at once, and so many in each second then.
    void begin(double first, double later) {
        for (int tenth = 1; tenth <= 100; ++tenth) EXPECT_FALSE(after(milliseconds(100), first + later * tenth / 10));
    }
};

TEST_F(BeginOfAStreamTest, WhatComesAtOnceIsThePast) {
    begin(8, 1);
    EXPECT_NEAR(off(0, seconds(-8)), 0, 0.1);
}

TEST_F(BeginOfAStreamTest, NothingOfThePast) {
    begin(0, 1);
    EXPECT_NEAR(off(0, seconds(0)), 0, 0.1);
}

TEST_F(BeginOfAStreamTest, AStreamThatIsFedFasterBeginsNow) {
    begin(0, 20);
    EXPECT_NEAR(off(0, seconds(0)), 0, 0.1);
}

class RecordingClockTest : public StationClockTest {
  protected:
    RecordingClockTest() : StationClockTest(StationClock::Kind::recording) {}
};

TEST_F(RecordingClockTest, NeverComesLate) {
    for (int second = 1; second <= 60; ++second) EXPECT_FALSE(after(seconds(1), second / 3.0));
    EXPECT_EQ(clock.at(20 * kSecond), kStart + seconds(20));
}

TEST_F(StationClockTest, KnowsWhenAStreamStoodStill) {
    for (int second = 1; second <= 60; ++second) EXPECT_FALSE(after(seconds(1), second));
    for (int second = 61; second <= 90; ++second) EXPECT_FALSE(after(seconds(1), 60));
    std::optional<StationClock::Standstill> stood_still;
    for (int second = 91; second <= 130 && !stood_still; ++second) stood_still = after(seconds(1), second - 30);
    ASSERT_TRUE(stood_still) << "30 s, for which the next 40 s are late";
    EXPECT_NEAR(std::chrono::duration<double>(stood_still->begin - kStart).count(), 60, 1.1);
    EXPECT_NEAR(std::chrono::duration<double>(stood_still->end - stood_still->begin).count(), 30, 0.1);
    EXPECT_NEAR(off(58, seconds(58)), 0, 0.1) << "what came before keeps its time";
    EXPECT_NEAR(off(65, seconds(95)), 0, 0.1)
        << "what came after has it at once, and what came before this was certain";
    for (int second = 131; second <= 300; ++second) EXPECT_FALSE(after(seconds(1), second - 30)) << "it is said once";
}

TEST_F(StationClockTest, MayBeSetWhileTheStreamStandsStill) {
    for (int second = 1; second <= 60; ++second) EXPECT_FALSE(after(seconds(1), second));
    for (int second = 61; second <= 90; ++second) {
        if (second == 70) set = std::chrono::hours(1);
        EXPECT_FALSE(after(seconds(1), 60));
    }
    std::optional<StationClock::Standstill> stood_still;
    for (int second = 91; second <= 130 && !stood_still; ++second) stood_still = after(seconds(1), second - 30);
    ASSERT_TRUE(stood_still);
    EXPECT_NEAR(off(58, seconds(58)), 0, 0.1);
    EXPECT_NEAR(off(65, std::chrono::hours(1) + seconds(95)), 0, 0.1);
}

TEST_F(StationClockTest, FollowsTheSystemsClockWhenSomebodySetsIt) {
    for (const auto by : {seconds(3600), seconds(-7200), seconds(3600)}) {
        for (int second = 0; second < 60; ++second) {
            passed += seconds(1);
            EXPECT_FALSE(after(seconds(0), std::chrono::duration<double>(passed).count()));
        }
        const double before = std::chrono::duration<double>(passed).count() - 1;
        const auto played =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::duration<double>(before));
        EXPECT_NEAR(off(before, played + set), 0, 0.1);
        set += by;
        EXPECT_FALSE(after(milliseconds(100), std::chrono::duration<double>(passed).count() + 0.1));
        EXPECT_NEAR(off(before, played + set - by), 0, 0.1) << "what was played before keeps its time";
        EXPECT_NEAR(off(before + 2, played + set + seconds(2)), 0, 0.1);
    }
}

}  // namespace
}  // namespace audio_ident::monitor
