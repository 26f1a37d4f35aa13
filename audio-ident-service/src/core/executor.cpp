#include "core/executor.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <utility>

namespace audio_ident {

std::size_t hardware_threads() {
    return std::max(1U, std::thread::hardware_concurrency());
}

std::size_t threads_or_hardware(std::size_t wanted) {
    return wanted != 0 ? wanted : hardware_threads();
}

/// One call of for_each(), on its caller's stack.
struct Executor::Loop {
    const Body& body;
    const std::size_t count;
    std::atomic<std::size_t> next = 0;

    // Guarded by the executor's mutex.
    std::size_t wanted = 0;   // threads that may still join
    std::size_t joined = 1;   // threads that have joined, the caller first
    std::size_t running = 0;  // helpers that have joined and not left
    std::condition_variable left = {};

    std::mutex failing = {};
    std::size_t failed_index = 0;
    std::exception_ptr failure = {};

    void work(std::size_t thread) {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                body(i, thread);
            } catch (...) {
                keep_failure(i);
            }
        }
    }

    // All lower indices have begun, so each of them that throws also comes here. Keep the lowest one.
    void keep_failure(std::size_t index) {
        next = count;
        const std::lock_guard lock(failing);
        if (failure && failed_index < index) return;
        failed_index = index;
        failure = std::current_exception();
    }
};

Executor::Executor(std::size_t threads) : threads_(threads) {}

Executor::~Executor() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
}

std::size_t Executor::width() const {
    return std::max<std::size_t>(1, threads_);
}

void Executor::for_each(std::size_t count, std::size_t threads, const Body& body) {
    const std::size_t useful = std::min(count, threads);
    const std::size_t helpers = std::min(useful > 1 ? useful - 1 : 0, threads_);
    if (helpers == 0) {
        for (std::size_t i = 0; i < count; ++i) body(i, 0);
        return;
    }
    Loop loop{.body = body, .count = count};
    invite(loop, helpers);
    loop.work(0);
    dismiss(loop);
    if (loop.failure) std::rethrow_exception(loop.failure);
}

void Executor::invite(Loop& loop, std::size_t helpers) {
    const std::lock_guard lock(mutex_);
    loop.wanted = helpers;
    waiting_.push_back(&loop);
    wanted_ += helpers;
    // Several loops may wait for the same idle threads.
    for (std::size_t missing = wanted_ > idle_ ? wanted_ - idle_ : 0; missing > 0; --missing) start_thread();
    changed_.notify_all();
}

// The caller has found nothing left to begin, so no other thread needs to join, and those that have will finish soon.
void Executor::dismiss(Loop& loop) {
    std::unique_lock lock(mutex_);
    std::erase(waiting_, &loop);
    wanted_ -= std::exchange(loop.wanted, 0);
    loop.left.wait(lock, [&] { return loop.running == 0; });
}

void Executor::start_thread() {
    if (helpers_.size() == threads_) return;
    try {
        helpers_.emplace_back([this] { help(); });
        ++idle_;
    } catch (const std::system_error&) {
        // The system grants no more threads, so the caller continues with the existing ones.
    }
}

void Executor::help() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        --idle_;
        if (waiting_.empty()) return;
        Loop& loop = *waiting_.front();
        --wanted_;
        if (--loop.wanted == 0) waiting_.pop_front();
        const std::size_t thread = loop.joined++;
        ++loop.running;
        lock.unlock();
        loop.work(thread);
        lock.lock();
        if (--loop.running == 0) loop.left.notify_all();
        ++idle_;
    }
}

}  // namespace audio_ident
