#include "util/ordered_pipeline.hpp"

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <numeric>
#include <stdexcept>

namespace audio_ident::util {
namespace {

using Stages = PipelineStages<int, int>;
using Next = Stages::Next;

/// Numbers 0, 1, … count - 1 in; what came out, in order.
struct Numbers final : Stages {
    int count = 1000;
    PipelineSettings settings{.threads = 4, .queued_items = 8, .waiting_outputs = 16};
    std::function<int(int)> work = [](int item) { return item; };
    std::function<Next(int)> then = [](int) { return Next::proceed; };
    std::stop_source stop;
    std::vector<int> outputs;
    std::atomic<int> emitted = 0;

    void operator()() { OrderedPipeline<int, int>(settings, *this, stop.get_token()).run(); }

    void produce(const Emit& emit) override {
        for (int i = 0; i < count && emit(i); ++i) ++emitted;
    }
    std::unique_ptr<Worker> make_worker() override {
        struct Calling final : Worker {
            explicit Calling(const std::function<int(int)>& f) : function(f) {}
            int work(int item) override { return function(item); }
            const std::function<int(int)>& function;
        };
        return std::make_unique<Calling>(work);
    }
    std::size_t cost(const int&) const override { return 1; }
    Next consume(int output) override {
        outputs.push_back(output);
        return then(output);
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

/// Runs with a first item that ends only after `bound` others: if fewer could pass it, this would hang. Returns how
/// many passed it.
int others_past_a_slow_first_item(Numbers& run, int bound) {
    std::mutex mutex;
    std::condition_variable changed;
    int others = 0;
    bool first_done = false;
    run.work = [&](int item) {
        std::unique_lock lock(mutex);
        if (item == 0) {
            changed.wait(lock, [&] { return others >= bound; });
            first_done = true;
        } else if (!first_done) {
            ++others;
            changed.notify_all();
        }
        return item;
    };
    run();
    return others;
}

// Each of the other three workers may have been at work when the bound was reached.
constexpr int kOtherWorkers = 3;

TEST(OrderedPipeline, ASlowItemHoldsBackOnlyABoundedNumberOfOthers) {
    Numbers run;
    EXPECT_LE(others_past_a_slow_first_item(run, 16), 16 + kOtherWorkers);
    EXPECT_EQ(run.outputs, up_to(1000));
}

TEST(OrderedPipeline, OutputsThatCostMuchHoldTheOthersBack) {
    Numbers run;
    run.settings.waiting_bytes = 4;  // the fifth output has no room
    EXPECT_LE(others_past_a_slow_first_item(run, 4), 4 + kOtherWorkers);
    EXPECT_EQ(run.outputs, up_to(1000));
}

TEST(OrderedPipeline, AStopLetsWhatWasBegunBeConsumed) {
    Numbers run;
    run.then = [&run](int output) {
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
    run.then = [](int output) { return output == 10 ? Next::end : Next::proceed; };
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
    consumer.then = [](int output) -> Next {
        if (output == 50) throw std::logic_error("consumer");
        return Next::proceed;
    };
    EXPECT_THROW(consumer(), std::logic_error);
}

}  // namespace
}  // namespace audio_ident::util
