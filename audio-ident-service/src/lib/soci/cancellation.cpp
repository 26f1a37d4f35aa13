#include "lib/soci/cancellation.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace audio_ident::lib {
namespace {

class Canceller {
  public:
    /// It is never destroyed: it may wait for a server when the process ends.
    static Canceller& of_process() {
        static auto& canceller = *new Canceller();
        return canceller;
    }

    void add(std::shared_ptr<PGcancel> cancel) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(cancel));
        added_.notify_one();
    }

  private:
    Canceller() : thread_([this] { run(); }) { thread_.detach(); }

    void run() {
        while (true) {
            const auto cancel = next();
            char ignored[256];
            PQcancel(cancel.get(), ignored, sizeof ignored);
        }
    }

    std::shared_ptr<PGcancel> next() {
        std::unique_lock lock(mutex_);
        added_.wait(lock, [this] { return !waiting_.empty(); });
        auto cancel = std::move(waiting_.front());
        waiting_.pop_front();
        return cancel;
    }

    std::mutex mutex_;
    std::condition_variable added_;
    std::deque<std::shared_ptr<PGcancel>> waiting_;
    std::thread thread_;
};

}  // namespace

void cancel_soon(std::shared_ptr<PGcancel> cancel) {
    Canceller::of_process().add(std::move(cancel));
}

}  // namespace audio_ident::lib
