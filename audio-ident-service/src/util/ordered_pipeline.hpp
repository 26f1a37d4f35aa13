#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "core/executor.hpp"

namespace audio_ident::util {

struct PipelineSettings {
    std::size_t threads = 1;                            ///< of workers; 0: one for each core
    std::size_t queued_items = 256;                     ///< between the producer and the workers
    std::size_t waiting_outputs = 4096;                 ///< outputs that are done and wait for an earlier one
    std::size_t waiting_bytes = std::size_t{64} << 20;  ///< their cost, summed up
    std::chrono::milliseconds tick{100};
};

/// The work of an OrderedPipeline. Each method says on which thread it runs. Any exception ends the run.
template <typename Item, typename Output>
class PipelineStages {
  public:
    enum class Next { proceed, end };

    /// Passes an item on; waits while the queue is full. False when no more are wanted: then the producer must end.
    using Emit = std::function<bool(Item)>;

    class Worker {
      public:
        virtual ~Worker() = default;
        virtual Output work(Item item) = 0;
    };

    virtual ~PipelineStages() = default;

    /// Emits the items, on a thread of its own.
    virtual void produce(const Emit& emit) = 0;
    /// Called once on each worker's thread, which then uses what it returns.
    virtual std::unique_ptr<Worker> make_worker() = 0;
    /// The bytes that an output holds while it waits. On any thread.
    virtual std::size_t cost(const Output& output) const = 0;
    /// Takes the outputs in the order of the items, on the thread that called run().
    virtual Next consume(Output output) = 0;
    /// Called about every PipelineSettings::tick, between two outputs, on the thread that called run().
    virtual Next tick() { return Next::proceed; }
};

/// Runs one producer, several workers and one consumer. The consumer gets the outputs in the order of the items, so
/// that its decisions do not depend on how fast each worker was.
///
/// Memory is bounded: workers take no further item while too many outputs wait. They take items in order. So the output
/// that all others wait for is done or in work, and the bound cannot cause a deadlock.
template <typename Item, typename Output>
class OrderedPipeline {
  public:
    using Stages = PipelineStages<Item, Output>;
    using Next = typename Stages::Next;

    /// `stages` outlives the pipeline.
    OrderedPipeline(PipelineSettings settings, Stages& stages, std::stop_token stop)
        : settings_(settings), stages_(stages), stop_(std::move(stop)) {}

    /// Returns when everything is consumed. After a stop, returns when the consumer has taken all items that the
    /// workers had begun. After Next::end, returns when the workers have finished what they had begun, and drops it.
    /// Throws what a stage throws. Call it once.
    void run() {
        const std::stop_callback on_stop(stop_, [this] {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            notify_all();
        });
        const std::size_t workers = threads_or_hardware(settings_.threads);
        active_workers_ = workers;
        std::vector<std::jthread> threads;
        {
            const EndAll end(*this);  // before the threads are joined, also when consume() throws
            threads.emplace_back([this] { guarded([this] { produce(); }); });
            for (std::size_t i = 0; i < workers; ++i) {
                threads.emplace_back([this] {
                    guarded([this] { work(); });
                    const std::lock_guard lock(mutex_);
                    --active_workers_;
                    notify_all();
                });
            }
            consume();
        }
        threads.clear();
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    struct EndAll {
        explicit EndAll(OrderedPipeline& owner) : owner_(owner) {}
        ~EndAll() {
            const std::lock_guard lock(owner_.mutex_);
            owner_.stopping_ = true;
            owner_.notify_all();
        }
        EndAll(const EndAll&) = delete;
        EndAll& operator=(const EndAll&) = delete;
        OrderedPipeline& owner_;
    };

    void notify_all() {
        items_changed_.notify_all();
        room_changed_.notify_all();
        outputs_changed_.notify_all();
    }

    template <typename Body>
    void guarded(Body&& body) {
        try {
            body();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            stopping_ = true;
            notify_all();
        }
    }

    void produce() {
        stages_.produce([this](Item item) {
            std::unique_lock lock(mutex_);
            room_changed_.wait(lock, [this] { return stopping_ || items_.size() < settings_.queued_items; });
            if (stopping_) return false;
            items_.push_back(std::move(item));
            items_changed_.notify_one();
            return true;
        });
        const std::lock_guard lock(mutex_);
        produced_ = true;
        items_changed_.notify_all();
    }

    bool outputs_have_room() const {
        return outputs_.size() < settings_.waiting_outputs && waiting_bytes_ < settings_.waiting_bytes;
    }

    void work() {
        const auto worker = stages_.make_worker();
        for (;;) {
            std::unique_lock lock(mutex_);
            items_changed_.wait(lock, [this] {
                return stopping_ || (!items_.empty() && outputs_have_room()) || (items_.empty() && produced_);
            });
            if (stopping_ || items_.empty()) return;
            const std::uint64_t number = taken_++;
            Item item = std::move(items_.front());
            items_.pop_front();
            room_changed_.notify_one();
            lock.unlock();

            Output output = worker->work(std::move(item));

            const std::size_t bytes = stages_.cost(output);
            lock.lock();
            waiting_bytes_ += bytes;
            outputs_.emplace(number, std::move(output));
            if (number == consumed_) outputs_changed_.notify_one();
        }
    }

    void consume() {
        for (;;) {
            std::unique_lock lock(mutex_);
            outputs_changed_.wait_for(lock, settings_.tick, [this] { return next_is_there() || active_workers_ == 0; });
            if (failure_) return;
            if (next_is_there()) {
                Output output = std::move(outputs_.begin()->second);
                outputs_.erase(outputs_.begin());
                waiting_bytes_ -= stages_.cost(output);
                ++consumed_;
                items_changed_.notify_all();
                lock.unlock();
                if (stages_.consume(std::move(output)) == Next::end) return;
            } else if (active_workers_ == 0) {
                return;
            } else {
                lock.unlock();
            }
            const auto now = std::chrono::steady_clock::now();
            if (now - last_tick_ >= settings_.tick) {
                last_tick_ = now;
                if (stages_.tick() == Next::end) return;
            }
        }
    }

    bool next_is_there() const { return !outputs_.empty() && outputs_.begin()->first == consumed_; }

    PipelineSettings settings_;
    Stages& stages_;
    std::stop_token stop_;

    std::mutex mutex_;
    std::condition_variable items_changed_;    // workers wait: an item, or room for its output
    std::condition_variable room_changed_;     // the producer waits: room in the queue
    std::condition_variable outputs_changed_;  // the consumer waits: the next output
    std::deque<Item> items_;
    std::map<std::uint64_t, Output> outputs_;  // by number of the item
    std::size_t waiting_bytes_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t consumed_ = 0;
    std::size_t active_workers_ = 0;
    bool produced_ = false;
    bool stopping_ = false;
    std::exception_ptr failure_;
    std::chrono::steady_clock::time_point last_tick_{};
};

}  // namespace audio_ident::util
