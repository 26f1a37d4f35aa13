#pragma once

#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace audio_ident::test {

/// A running child.cpp. The test reads its output line by line. The destructor kills and reaps it.
class ChildProgram {
  public:
    /// `arguments` come after the program's name. Throws std::system_error.
    explicit ChildProgram(std::vector<std::string> arguments);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    /// Waits for the next line and returns it without its line break; empty after the last line.
    std::string line();
    /// All remaining lines.
    std::vector<std::string> lines();
    void close_input();
    void kill();
    /// Waits for the end. Returns the exit code, or 128 + the signal that ended it.
    int wait();

  private:
    pid_t pid_ = -1;
    std::FILE* input_ = nullptr;
    std::FILE* output_ = nullptr;
    int exit_code_ = -1;
};

}  // namespace audio_ident::test
