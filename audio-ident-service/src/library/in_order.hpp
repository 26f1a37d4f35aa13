#pragma once

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <vector>

namespace audio_ident::library {

/// Calls work(0) … work(count - 1) on up to `threads` threads (0: one a core) and take(i, result) for each on the
/// caller's thread, in order, as soon as its turn has come. After a stop no further work is begun; what was begun is
/// taken. What `work` throws is thrown here.
template <typename Work, typename Take>
void in_order(std::size_t count, unsigned threads, const std::stop_token& stop, Work work, Take take) {
    using Output = std::invoke_result_t<Work, std::size_t>;
    if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());

    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::size_t, Output> done;
    std::size_t begun = 0;
    std::size_t running = 0;
    std::exception_ptr failure;

    const auto run = [&] {
        std::unique_lock lock(mutex);
        while (begun < count && !stop.stop_requested() && !failure) {
            const std::size_t i = begun++;
            lock.unlock();
            try {
                Output output = work(i);
                lock.lock();
                done.emplace(i, std::move(output));
            } catch (...) {
                if (!lock.owns_lock()) lock.lock();
                failure = std::current_exception();
            }
            changed.notify_one();
        }
        --running;
        changed.notify_one();
    };

    std::vector<std::jthread> workers;
    const auto number = std::min<std::size_t>(threads, count);
    running = number;
    for (std::size_t i = 0; i < number; ++i) workers.emplace_back(run);

    std::unique_lock lock(mutex);
    for (std::size_t next = 0; next < count; ++next) {
        changed.wait(lock, [&] { return failure || done.contains(next) || running == 0; });
        if (failure || !done.contains(next)) break;
        auto node = done.extract(next);
        lock.unlock();
        take(next, node.mapped());
        lock.lock();
    }
    changed.wait(lock, [&] { return running == 0; });
    lock.unlock();
    workers.clear();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace audio_ident::library
