#include "ingest/ordered_pipeline.hpp"

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <numeric>
#include <stdexcept>

namespace audio_ident::ingest {
namespace {

using Pipeline = OrderedPipeline<int, int>;
using Next = Pipeline::Next;

/// Numbers 0, 1, … count - 1 in; what came out, in order.
struct Numbers {
    int count = 1000;
    PipelineSettings settings{.threads = 4, .queued_items = 8, .waiting_outputs = 16};
    std::function<int(int)> work = [](int item) { return item; };
    std::function<Next(int)> consume = [](int) { return Next::proceed; };
    std::stop_source stop;
    std::vector<int> outputs;
    std::atomic<int> emitted = 0;

    void operator()() {
        Pipeline pipeline(settings,
                          {.produce =
                               [this](const Pipeline::Emit& emit) {
                                   for (int i = 0; i < count && emit(i); ++i) ++emitted;
                               },
                           .make_worker = [this] { return Pipeline::Worker(work); },
                           .cost = [](const int&) { return std::size_t{1}; },
                           .consume =
                               [this](int output) {
                                   outputs.push_back(output);
                                   return consume(output);
                               },
                           .tick = [] { return Next::proceed; }},
                          stop.get_token());
        pipeline.run();
    }
};

std::vector<int> up_to(int count) {
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

TEST(OrderedPipeline, GivesTheOutputsInTheOrderOfTheItems) {
    Numbers run;
    run.work = [](int item) {
        if (item % 7 == 0) std::this_thread::yield();
        return item;
    };
    run();
    EXPECT_EQ(run.outputs, up_to(1000));
}

TEST(OrderedPipeline, EndsWithoutItems) {
    Numbers run;
    run.count = 0;
    run();
    EXPECT_TRUE(run.outputs.empty());
}

TEST(OrderedPipeline, ASlowItemHoldsBackOnlyABoundedNumberOfOthers) {
    Numbers run;
    std::mutex mutex;
    std::condition_variable changed;
    int others = 0;
    bool first_done = false;
    // The first item ends only after as many others as the bound lets through: were the bound smaller, this would hang.
    run.work = [&](int item) {
        std::unique_lock lock(mutex);
        if (item == 0) {
            changed.wait(lock, [&] { return others >= 16; });
            first_done = true;
        } else if (!first_done) {
            ++others;
            changed.notify_all();
        }
        return item;
    };
    run();
    EXPECT_EQ(run.outputs, up_to(1000));
    // Each of the other three workers may have been at work when the bound was reached.
    EXPECT_LE(others, 16 + 3);
}

TEST(OrderedPipeline, AStopLetsWhatWasBegunBeConsumed) {
    Numbers run;
    run.consume = [&run](int output) {
        if (output == 100) run.stop.request_stop();
        return Next::proceed;
    };
    run();
    ASSERT_GE(run.outputs.size(), 101U);
    EXPECT_LT(run.outputs.size(), 200U);
    EXPECT_EQ(run.outputs, up_to(static_cast<int>(run.outputs.size())));
    EXPECT_LT(run.emitted, 1000);
}

TEST(OrderedPipeline, TheConsumerCanEndIt) {
    Numbers run;
    run.consume = [](int output) { return output == 10 ? Next::end : Next::proceed; };
    run();
    EXPECT_EQ(run.outputs, up_to(11));
}

TEST(OrderedPipeline, WhatAStageThrowsIsThrownToTheCaller) {
    Numbers worker;
    worker.work = [](int item) {
        if (item == 50) throw std::runtime_error("worker");
        return item;
    };
    EXPECT_THROW(worker(), std::runtime_error);

    Numbers consumer;
    consumer.consume = [](int output) -> Next {
        if (output == 50) throw std::logic_error("consumer");
        return Next::proceed;
    };
    EXPECT_THROW(consumer(), std::logic_error);
}

}  // namespace
}  // namespace audio_ident::ingest
