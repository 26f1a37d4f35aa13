#include "lib/soci/silence_guard.hpp"

#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace audio_ident::lib {

/// Knows when the next guard acts.
class SilenceGuard::Watcher {
  public:
    /// It is never destroyed, because connections may end after everything else.
    static Watcher& of_process() {
        static auto& watcher = *new Watcher();
        return watcher;
    }

    void set(SilenceGuard& guard, Clock::time_point when) {
        const std::lock_guard lock(mutex_);
        if (guard.when_ != kNever) guards_.erase({guard.when_, &guard});
        guard.when_ = when;
        if (when == kNever) return;
        guards_.emplace(when, &guard);
        // Otherwise it looks early enough. So a thread that sets its guard for each statement hardly ever wakes it.
        if (when < wakes_at_) changed_.notify_one();
    }

  private:
    static constexpr auto kNever = Clock::time_point::max();

    Watcher() : thread_([this] { run(); }) { thread_.detach(); }

    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            while (!guards_.empty() && guards_.begin()->first <= Clock::now()) {
                SilenceGuard& guard = *guards_.begin()->second;
                guards_.erase(guards_.begin());
                guard.when_ = kNever;
                guard.ended_ = true;
                ::shutdown(guard.socket_.get(), SHUT_RDWR);
            }
            wakes_at_ = guards_.empty() ? kNever : guards_.begin()->first;
            if (wakes_at_ == kNever) changed_.wait(lock);
            else changed_.wait_until(lock, wakes_at_);
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::pair<Clock::time_point, SilenceGuard*>> guards_;
    Clock::time_point wakes_at_ = kNever;
    std::thread thread_;
};

SilenceGuard::SilenceGuard(int socket) : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {}

SilenceGuard::~SilenceGuard() {
    end_at(Clock::time_point::max());
}

void SilenceGuard::end_at(Clock::time_point when) {
    Watcher::of_process().set(*this, when);
}

}  // namespace audio_ident::lib
