#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace audio_ident::test {

/// A forked copy of the test program that runs one function and ends. What it writes through say() can be read by the
/// parent. The destructor kills it. Fork before the parent opens what cannot be shared, such as an LMDB environment.
class Child {
  public:
    using Body = std::function<void(const std::function<void(const std::string&)>& say)>;

    /// Throws std::system_error when there can be no process. A body that throws says what it threw.
    explicit Child(const Body& body);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line that the child said, without its end; empty when there is none any more.
    std::string line();
    /// All that it still says until it ends.
    std::string rest();
    void kill();

  private:
    pid_t pid_ = -1;
    int fd_ = -1;
    std::string unread_;
};

/// Runs `body` in a child and returns what it says.
std::string in_child(const std::function<std::string()>& body);

}  // namespace audio_ident::test
