#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace audio_ident::http {

/// A fixed number of threads behind a bounded queue. When the queue is full, work is refused rather than delayed.
/// Thread-safe.
class BoundedPool {
  public:
    BoundedPool(std::size_t threads, std::size_t max_queued);
    /// Finishes the queued work first.
    ~BoundedPool();
    BoundedPool(const BoundedPool&) = delete;
    BoundedPool& operator=(const BoundedPool&) = delete;

    /// False when the queue is full. `work` must not throw.
    bool submit(std::function<void()> work);
    /// Work that has not begun.
    std::size_t queued() const;

  private:
    void run();

    const std::size_t max_queued_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    bool ending_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace audio_ident::http
