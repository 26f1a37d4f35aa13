#include "util/in_order.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <stdexcept>

namespace audio_ident::util {
namespace {

TEST(InOrder, ResultsComeInOrderWhoeverIsDoneFirst) {
    std::vector<std::size_t> taken;
    std::atomic<bool> second_is_done = false;
    in_order(
        100, 4, {},
        [&](std::size_t i) {
            if (i == 0) second_is_done.wait(false);  // the first is held up until a later one is done
            if (i == 1) {
                second_is_done = true;
                second_is_done.notify_all();
            }
            return i * 2;
        },
        [&](std::size_t i, std::size_t result) {
            EXPECT_EQ(result, i * 2);
            taken.push_back(i);
        });
    ASSERT_EQ(taken.size(), 100U);
    for (std::size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], i);
}

TEST(InOrder, AfterAStopNothingNewIsBegun) {
    std::stop_source stop;
    std::atomic<int> begun = 0;
    std::size_t taken = 0;
    in_order(
        1000, 1, stop.get_token(),
        [&](std::size_t i) {
            if (++begun == 10) stop.request_stop();
            return i;
        },
        [&](std::size_t, std::size_t) { ++taken; });
    EXPECT_EQ(begun, 10);
    EXPECT_EQ(taken, 10U) << "what was begun is taken";
}

TEST(InOrder, AFailureReachesTheCaller) {
    const auto run = [] {
        in_order(
            20, 3, {},
            [](std::size_t i) {
                if (i == 5) throw std::runtime_error("five");
                return i;
            },
            [](std::size_t, std::size_t) {});
    };
    EXPECT_THROW(run(), std::runtime_error);
}

TEST(InOrder, NothingToDoIsDone) {
    in_order(
        0, 0, {}, [](std::size_t i) { return i; }, [](std::size_t, std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace audio_ident::util
