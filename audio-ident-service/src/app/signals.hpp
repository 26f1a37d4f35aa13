#pragma once

#include <atomic>
#include <optional>
#include <signal.h>
#include <stop_token>
#include <thread>

namespace audio_ident::app {

/// Turns SIGINT and SIGTERM into a stop request, so that everything ends cleanly; a second signal ends the process at
/// once. Must be the first object of the process: threads that start before it would still get the signals. Ignores
/// SIGXFSZ, so that a write beyond the limit on file sizes fails instead.
class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    std::stop_token stop_token() const { return stop_.get_token(); }
    /// 128 + the signal that came; nullopt when none did.
    std::optional<int> exit_code() const;

  private:
    void watch();

    std::stop_source stop_;
    std::atomic<int> received_ = 0;
    int signals_fd_ = -1;
    int wake_fd_ = -1;
    sigset_t before_{};
    std::thread watcher_;
};

}  // namespace audio_ident::app
