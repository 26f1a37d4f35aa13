#include "app/signals.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::app {

Signals::Signals() {
    ::signal(SIGXFSZ, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    signals_fd_ = signalfd(-1, &set, SFD_CLOEXEC);
    wake_fd_ = eventfd(0, EFD_CLOEXEC);
    if (signals_fd_ < 0 || wake_fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "cannot watch signals");
    watcher_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
    const std::uint64_t one = 1;
    if (::write(wake_fd_, &one, sizeof one) == sizeof one) watcher_.join();
    ::close(signals_fd_);
    ::close(wake_fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<int> Signals::exit_code() const {
    const int received = received_.load();
    return received == 0 ? std::nullopt : std::optional(128 + received);
}

void Signals::watch() {
    pollfd sources[] = {{signals_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    while (true) {
        if (::poll(sources, 2, -1) < 0) continue;
        if (sources[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(signals_fd_, &info, sizeof info) != sizeof info) continue;
        const int number = static_cast<int>(info.ssi_signo);
        if (received_.exchange(number) != 0) ::_exit(128 + number);
        stop_.request_stop();
    }
}

}  // namespace audio_ident::app
