#pragma once

#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace audio_ident::test {

/// child.cpp, running: its output is read line by line while it runs. Killed and reaped at the end.
class ChildProgram {
  public:
    /// Arguments after the program's name. Throws std::system_error.
    explicit ChildProgram(std::vector<std::string> arguments);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    /// The next line without its end; empty after the last one. Waits for it.
    std::string line();
    /// All lines to come.
    std::vector<std::string> lines();
    void close_input();
    void kill();
    /// Its exit code, or 128 + the signal that ended it. Waits for the end.
    int wait();

  private:
    pid_t pid_ = -1;
    std::FILE* input_ = nullptr;
    std::FILE* output_ = nullptr;
    int exit_code_ = -1;
};

}  // namespace audio_ident::test
