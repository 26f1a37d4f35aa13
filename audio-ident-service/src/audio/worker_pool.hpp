#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "util/packet_socket.hpp"

namespace audio_ident::audio {

struct WorkerPoolSettings {
    /// Command line of a program that calls run_worker_maker().
    std::vector<std::string> maker;
    /// Workers to start ahead, when the first file arrives. When all are busy, more are started, one per waiting
    /// caller.
    std::size_t ready = 2;
    /// A worker is replaced after this many files, so that leaked memory does not add up.
    std::size_t files_per_worker = 100;
};

/// Owns the decode processes (decode_worker.hpp) and lends each to one caller at a time. Thread-safe. Must outlive its
/// leases.
class WorkerPool {
  public:
    /// A worker on loan. Its destructor ends the worker unless release() was called, because the worker's state is then
    /// unknown.
    class Lease {
      public:
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        const util::PacketSocket& socket() const { return worker_.socket; }
        /// Returns the worker to the pool. Call it after the worker's result, when it can take another file.
        void release();

      private:
        friend class WorkerPool;
        struct Worker {
            pid_t pid = 0;
            util::PacketSocket socket;
            std::size_t files = 0;
        };
        Lease(WorkerPool& pool, Worker worker) : pool_(&pool), worker_(std::move(worker)) {}

        WorkerPool* pool_;
        Worker worker_;
    };

    /// Starts nothing yet.
    explicit WorkerPool(WorkerPoolSettings settings) : settings_(std::move(settings)) {}
    /// Ends all workers.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Returns an idle worker that is still alive, or a new one. Fails with not_available when no worker can be
    /// started.
    Result<Lease> acquire();

  private:
    using Worker = Lease::Worker;

    void start_maker();
    void stop_maker();
    /// Forgets the maker after it ended. Its workers, idle ones included, end with it.
    void notice_its_end();
    std::optional<Worker> make();
    void retire(Worker worker);

    const WorkerPoolSettings settings_;
    std::mutex mutex_;
    pid_t maker_pid_ = 0;
    util::PacketSocket maker_;
    std::size_t announced_ = 0;  ///< workers that were requested and whose answers are still unread
    std::vector<Worker> idle_;
};

}  // namespace audio_ident::audio
