#include "core/executor.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace audio_ident::test {
namespace {

/// Lets a thread wait until others have arrived. Gives up after a while, so that a test fails rather than hangs.
class Gate {
  public:
    void arrive() { ++arrived_; }
    bool wait_for(int arrivals) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (arrived_ < arrivals && std::chrono::steady_clock::now() < end) std::this_thread::yield();
        return arrived_ >= arrivals;
    }

  private:
    std::atomic<int> arrived_ = 0;
};

class ExecutorTest : public testing::TestWithParam<std::size_t> {
  protected:
    Executor executor_{GetParam()};
};

TEST_P(ExecutorTest, CallsTheBodyOnceForEachIndex) {
    for (const std::size_t count : {0U, 1U, 2U, 7U, 1000U}) {
        std::vector<std::atomic<int>> calls(count);
        executor_.for_each(count, 8, [&](std::size_t i, std::size_t) { ++calls[i]; });
        for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(calls[i], 1) << i << " of " << count;
    }
}

TEST_P(ExecutorTest, BeginsIndicesInOrder) {
    std::mutex mutex;
    std::vector<std::vector<std::size_t>> seen(8);
    executor_.for_each(500, 8, [&](std::size_t i, std::size_t thread) {
        const std::lock_guard lock(mutex);
        seen.at(thread).push_back(i);
    });
    for (const auto& of_one_thread : seen) EXPECT_TRUE(std::is_sorted(of_one_thread.begin(), of_one_thread.end()));
}

TEST_P(ExecutorTest, NumbersItsThreadsSoThatNoTwoShareState) {
    constexpr std::size_t kThreads = 3;
    std::vector<std::size_t> sums(kThreads);  // a data race, were a number given twice
    executor_.for_each(2000, kThreads, [&](std::size_t i, std::size_t thread) { sums.at(thread) += i; });
    EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::size_t{0}), 2000U * 1999U / 2);
}

TEST_P(ExecutorTest, ThrowsTheLowestIndexsException) {
    for (int repeat = 0; repeat < 50; ++repeat) {
        std::string what;
        try {
            executor_.for_each(200, 8, [](std::size_t i, std::size_t) {
                if (i % 10 == 3) throw std::runtime_error(std::to_string(i));
            });
        } catch (const std::runtime_error& error) {
            what = error.what();
        }
        EXPECT_EQ(what, "3");
    }
}

TEST_P(ExecutorTest, BeginsNothingMoreAfterAnException) {
    std::atomic<int> calls = 0;
    EXPECT_THROW(executor_.for_each(1'000'000, 8,
                                    [&](std::size_t, std::size_t) {
                                        ++calls;
                                        throw std::runtime_error("no");
                                    }),
                 std::runtime_error);
    EXPECT_LE(calls, 8);
    // It is of use afterwards.
    calls = 0;
    executor_.for_each(10, 8, [&](std::size_t, std::size_t) { ++calls; });
    EXPECT_EQ(calls, 10);
}

TEST_P(ExecutorTest, TakesLoopsWithinLoops) {
    std::atomic<int> calls = 0;
    executor_.for_each(6, 8, [&](std::size_t, std::size_t) {
        executor_.for_each(6, 8, [&](std::size_t, std::size_t) {
            executor_.for_each(6, 8, [&](std::size_t, std::size_t) { ++calls; });
        });
    });
    EXPECT_EQ(calls, 6 * 6 * 6);
}

TEST_P(ExecutorTest, CarriesAnExceptionOutOfInnerLoops) {
    EXPECT_THROW(executor_.for_each(4, 4,
                                    [&](std::size_t, std::size_t) {
                                        executor_.for_each(4, 4, [](std::size_t i, std::size_t) {
                                            if (i == 2) throw std::logic_error("inner");
                                        });
                                    }),
                 std::logic_error);
}

TEST_P(ExecutorTest, ServesManyCallersAtOnce) {
    std::atomic<std::size_t> sum = 0;
    {
        std::vector<std::jthread> callers;
        for (int caller = 0; caller < 6; ++caller) {
            callers.emplace_back([&] {
                for (int repeat = 0; repeat < 100; ++repeat)
                    executor_.for_each(20, 4, [&](std::size_t i, std::size_t) { sum += i; });
            });
        }
    }
    EXPECT_EQ(sum, 6U * 100U * 190U);
}

TEST_P(ExecutorTest, EndsEarlyWhereItsBodiesObeyAStop) {
    std::stop_source source;
    std::atomic<int> worked = 0;
    executor_.for_each(10'000, 8, [&](std::size_t i, std::size_t) {
        if (source.stop_requested()) return;
        ++worked;
        if (i >= 10) source.request_stop();
    });
    EXPECT_GE(worked, 1);
    EXPECT_LE(worked, 10 + 8);  // each thread goes beyond by one at most
}

INSTANTIATE_TEST_SUITE_P(Threads, ExecutorTest, testing::Values(0, 1, 2, 4));

TEST(Executor, WorksOnSeveralThreadsAtOnce) {
    Executor executor(3);
    Gate gate;
    std::mutex mutex;
    std::set<std::thread::id> threads;
    executor.for_each(3, 3, [&](std::size_t, std::size_t) {
        gate.arrive();
        EXPECT_TRUE(gate.wait_for(3));
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
    });
    EXPECT_EQ(threads.size(), 3U);
}

TEST(Executor, UsesNoMoreThreadsThanAsked) {
    Executor executor(4);
    std::mutex mutex;
    std::set<std::thread::id> threads;
    executor.for_each(500, 2, [&](std::size_t, std::size_t thread) {
        EXPECT_LT(thread, 2U);
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
    });
    EXPECT_LE(threads.size(), 2U);
}

TEST(Executor, OfOneThreadStillHelpsACallerThatWaits) {
    Executor executor(1);
    EXPECT_EQ(executor.width(), 1U);
    Gate gate;
    executor.for_each(2, 2, [&](std::size_t, std::size_t) {
        gate.arrive();
        EXPECT_TRUE(gate.wait_for(2));
    });
}

TEST(Executor, WithoutThreadsWorksOnItsCaller) {
    Executor executor(0);
    EXPECT_EQ(executor.width(), 1U);
    const auto caller = std::this_thread::get_id();
    executor.for_each(5, 5, [&](std::size_t, std::size_t thread) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        EXPECT_EQ(thread, 0U);
    });
}

TEST(Executor, DoesNotWaitForThreadsThatAreBusy) {
    Executor executor(1);
    Gate busy;
    Gate done;
    std::jthread holder([&] {
        executor.for_each(2, 2, [&](std::size_t, std::size_t) {
            busy.arrive();
            EXPECT_TRUE(done.wait_for(1));
        });
    });
    ASSERT_TRUE(busy.wait_for(2));  // the only helper is taken
    int calls = 0;
    executor.for_each(10, 2, [&](std::size_t, std::size_t thread) {
        EXPECT_EQ(thread, 0U);
        ++calls;
    });
    EXPECT_EQ(calls, 10);
    done.arrive();
}

// One idle thread serves one of two loops that begin at the same moment; the other one gets a thread of its own.
TEST(Executor, GivesEachOfTwoLoopsItsHelper) {
    for (int round = 0; round < 20; ++round) {
        Executor executor(4);
        Gate one_helper;
        executor.for_each(2, 2, [&](std::size_t, std::size_t) {
            one_helper.arrive();
            ASSERT_TRUE(one_helper.wait_for(2));
        });
        Gate all;
        const auto loop = [&] {
            executor.for_each(2, 2, [&](std::size_t, std::size_t) {
                all.arrive();
                ASSERT_TRUE(all.wait_for(4));
            });
        };
        const std::jthread other(loop);
        loop();
        if (HasFailure()) return;
    }
}

TEST(Executor, TellsHowManyThreadsToUse) {
    EXPECT_GE(hardware_threads(), 1U);
    EXPECT_EQ(threads_or_hardware(0), hardware_threads());
    EXPECT_EQ(threads_or_hardware(3), 3U);
    EXPECT_EQ(Executor(3).width(), 3U);
}

}  // namespace
}  // namespace audio_ident::test
