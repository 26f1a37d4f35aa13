#include "library/time_spent.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace audio_ident::library {
namespace {

using testing::MatchesRegex;

constexpr auto kSome = std::chrono::milliseconds(120);

TEST(TimeSpent, AnInnerStepIsNotCountedTwice) {
    TimeSpent spent;
    spent.on("decoding", [&] { spent.on("looking up", [] { std::this_thread::sleep_for(kSome); }); });
    EXPECT_THAT(spent.text(), MatchesRegex("0\\.0 s on decoding, 0\\.[1-9] s on looking up"));
}

TEST(TimeSpent, AStepThatComesAgainAddsUp) {
    TimeSpent spent;
    EXPECT_EQ(spent.on("looking up", [] { return 7; }), 7);
    spent.on("looking up", [] {});
    EXPECT_EQ(spent.text(), "0.0 s on looking up");
}

TEST(TimeSpent, NothingYet) {
    EXPECT_EQ(TimeSpent().text(), "");
}

}  // namespace
}  // namespace audio_ident::library
