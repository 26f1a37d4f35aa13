#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace audio_ident::test {

/// A forked copy of the test program that runs one function and exits. The parent reads what the child writes with
/// say(). The destructor kills the child. Fork before the parent opens anything that cannot be shared, such as an LMDB
/// environment.
class Child {
  public:
    using Body = std::function<void(const std::function<void(const std::string&)>& say)>;

    /// Throws std::system_error when no process can be started. If the body throws, the child says so.
    explicit Child(const Body& body);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line from the child, without its line break; empty when there are no more lines.
    std::string line();
    /// Everything the child still says before it exits.
    std::string rest();
    void kill();

  private:
    pid_t pid_ = -1;
    int fd_ = -1;
    std::string unread_;
};

/// Runs `body` in a child process and returns what the child says.
std::string in_child(const std::function<std::string()>& body);

}  // namespace audio_ident::test
