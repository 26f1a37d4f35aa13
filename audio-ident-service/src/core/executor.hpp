#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace audio_ident {

/// How many threads can compute at the same time on this machine; at least 1. Nothing else asks the machine for this.
std::size_t hardware_threads();

/// The number that a setting wants, or hardware_threads() if that is 0.
std::size_t threads_or_hardware(std::size_t wanted);

/// A pool of threads for work that a search divides: its lanes, the passes of the exact lane, the scan of vectors. app/
/// makes the pools of the program and passes them down (library/search_threads.hpp). Thread-safe.
///
/// The caller always works too and never waits for a free thread, so a full pool slows a search down but cannot block
/// it, and a body may itself call for_each(). Threads start when they are first needed; when the system grants none,
/// the caller does all the work. Threads that live for long do not belong here: docs/architecture.md lists them.
class Executor {
  public:
    /// Called with an index, and with the number of the thread within the loop (0: the caller), so that each thread can
    /// have its own state.
    using Body = std::function<void(std::size_t index, std::size_t thread)>;

    /// A computing loop should use `threads` threads, including the caller. The pool keeps as many helpers, because a
    /// caller often waits (for a decoder) instead of computing. 0: the caller does everything itself.
    explicit Executor(std::size_t threads = hardware_threads());
    /// No call of for_each() may be running.
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Threads that a computing loop should use; at least 1.
    std::size_t width() const;

    /// Calls body(i, thread) for each i in [0, count) on up to `threads` threads, and returns when all calls have
    /// returned. Calls begin in the order of i. When a call throws, no further call begins, and for_each() throws the
    /// exception of the lowest index, the same one for any number of threads.
    void for_each(std::size_t count, std::size_t threads, const Body& body);

  private:
    struct Loop;

    void invite(Loop& loop, std::size_t helpers);
    void dismiss(Loop& loop);
    void start_thread();
    void help();

    const std::size_t threads_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Loop*> waiting_;  // loops that more threads may join
    std::size_t wanted_ = 0;     // by all loops that wait
    std::size_t idle_ = 0;       // threads that are free to join one
    bool ending_ = false;
    std::vector<std::thread> helpers_;
};

}  // namespace audio_ident
