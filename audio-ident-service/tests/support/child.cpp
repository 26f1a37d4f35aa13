#include "support/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace audio_ident::test {

Child::Child(const Body& body) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ == 0) {
        ::close(ends[0]);
        const auto say = [&](const std::string& text) {
            const std::string line = text + '\n';
            if (::write(ends[1], line.data(), line.size()) < 0) ::_exit(1);
        };
        try {
            body(say);
        } catch (const std::exception& error) {
            say(std::string("threw: ") + error.what());
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    fd_ = ends[0];
}

Child::~Child() {
    kill();
    ::close(fd_);
}

std::string Child::line() {
    for (;;) {
        const auto end = unread_.find('\n');
        if (end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> text;
        const ssize_t got = ::read(fd_, text.data(), text.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::exchange(unread_, {});
        unread_.append(text.data(), static_cast<std::size_t>(got));
    }
}

std::string Child::rest() {
    std::string all;
    for (std::string next = line(); !next.empty(); next = line()) all += (all.empty() ? "" : "\n") + next;
    return all;
}

void Child::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

std::string in_child(const std::function<std::string()>& body) {
    Child child([&](const auto& say) { say(body()); });
    return child.rest();
}

}  // namespace audio_ident::test
