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
    /// A program that calls run_worker_maker(), and its arguments.
    std::vector<std::string> maker;
    /// Workers made ahead, at the first file; more when all are busy: as many as there are callers at once.
    std::size_t ready = 2;
    /// After so many files a worker is replaced: what one leaves behind does not add up.
    std::size_t files_per_worker = 100;
};

/// Processes that decode (decode_worker.hpp), each lent to one caller at a time. Thread-safe; outlives its leases.
class WorkerPool {
  public:
    /// A worker on loan. Ends the worker unless release() was called: nobody knows what state it is in.
    class Lease {
      public:
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        const util::PacketSocket& socket() const { return worker_.socket; }
        /// It has said its last word on a file, and may have the next one.
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

    /// An idle worker that still lives, or a new one. Fails with not_available when there can be none.
    Result<Lease> acquire();

  private:
    using Worker = Lease::Worker;

    void start_maker();
    void stop_maker();
    /// Its workers end with it, idle ones among them.
    void notice_its_end();
    std::optional<Worker> make();
    void retire(Worker worker);

    const WorkerPoolSettings settings_;
    std::mutex mutex_;
    pid_t maker_pid_ = 0;
    util::PacketSocket maker_;
    std::size_t announced_ = 0;  ///< workers asked for, whose answers are not read yet
    std::vector<Worker> idle_;
};

}  // namespace audio_ident::audio
