#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace audio_ident::test {

struct ProcessResult {
    int exit_code = 0;  ///< 128 + the signal number when a signal ended the program
    std::string out;
    std::string err;
};

struct ProcessSettings {
    std::string input = {};                                             ///< standard input
    std::vector<std::pair<std::string, std::string>> environment = {};  ///< variables in addition to this process's own
    std::string folder = {};  ///< working directory; empty: that of this process
};

/// A program that runs beside the test. The destructor kills it if it still runs.
class Process {
  public:
    /// Starts a program found through PATH. Throws std::system_error.
    explicit Process(const std::vector<std::string>& arguments, const ProcessSettings& settings = {});
    ~Process();
    Process(Process&&) noexcept;
    Process& operator=(Process&&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    bool running();
    /// Waits until the program ends. Call once.
    ProcessResult wait();
    /// What the program has written to stdout so far.
    std::string out() const;

  private:
    class ScratchFile;

    std::unique_ptr<ScratchFile> in_;
    std::unique_ptr<ScratchFile> out_;
    std::unique_ptr<ScratchFile> err_;
    pid_t pid_ = 0;
    int status_ = 0;
    bool ended_ = false;
};

/// Runs a program found through PATH with these arguments and this standard input, and waits until it ends. Throws
/// std::system_error when it cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input = {});

/// Starts a server and waits until the command `is_ready` ends with 0. Throws std::runtime_error with what the server
/// wrote to stderr when it ends before, or is not ready after 120 s; then it is killed.
Process start_server(const std::vector<std::string>& arguments, const ProcessSettings& settings,
                     const std::vector<std::string>& is_ready);

}  // namespace audio_ident::test
