#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace audio_ident::http {

/// A fixed number of threads and a bounded queue before them. Thread-safe.
class WorkerPool {
  public:
    WorkerPool(std::size_t threads, std::size_t max_queued);
    /// Does what is queued, then ends.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False when the queue is full. `work` must not throw.
    bool submit(std::function<void()> work);
    /// Waiting, not yet begun.
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
