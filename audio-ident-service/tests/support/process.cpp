#include "support/process.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <map>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace audio_ident::test {

namespace {

[[noreturn]] void fail(int code, const std::string& what) {
    throw std::system_error(code, std::generic_category(), what);
}

/// "NAME=value" for each variable of this process, then for each in `added`, which override them.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    for (const auto& [name, value] : added) variables[name] = value;
    std::vector<std::string> entries;
    entries.reserve(variables.size());
    for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
    return entries;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

/// Prints what the program wrote when a sanitizer reported something in it: CTest then fails the test.
void pass_report_on(const std::string& err) {
    const bool reports = err.find("Sanitizer:") != std::string::npos || err.find("runtime error:") != std::string::npos;
    if (reports) std::fwrite(err.data(), 1, err.size(), stderr);
}

}  // namespace

/// An unnamed file used instead of a pipe, so that neither side ever waits for the other.
class Process::ScratchFile {
  public:
    ScratchFile() : file_(std::tmpfile(), &std::fclose) {
        if (!file_) fail(errno, "tmpfile");
    }
    int descriptor() const { return ::fileno(file_.get()); }
    void fill(std::string_view text) {
        if (!text.empty()) std::fwrite(text.data(), 1, text.size(), file_.get());
        if (std::fflush(file_.get()) != 0) fail(errno, "tmpfile");
        ::lseek(descriptor(), 0, SEEK_SET);
    }
    /// Does not move the file position, which the program shares.
    std::string content() const {
        std::string text;
        char buffer[1 << 16];
        for (ssize_t n = 0; (n = ::pread(descriptor(), buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
            text.append(buffer, static_cast<std::size_t>(n));
        }
        return text;
    }

  private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

Process::Process(const std::vector<std::string>& arguments, const ProcessSettings& settings)
    : in_(std::make_unique<ScratchFile>()),
      out_(std::make_unique<ScratchFile>()),
      err_(std::make_unique<ScratchFile>()) {
    in_->fill(settings.input);
    const auto argv = pointers_to(arguments);
    const auto variables = environment_with(settings.environment);
    const auto envp = pointers_to(variables);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in_->descriptor(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, out_->descriptor(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, err_->descriptor(), 2);
    if (!settings.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, settings.folder.c_str());
    const int code = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (code != 0) fail(code, arguments.front());
}

Process::~Process() {
    if (pid_ == 0 || ended_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
    pass_report_on(err_->content());
}

Process::Process(Process&& other) noexcept
    : in_(std::move(other.in_)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)),
      pid_(std::exchange(other.pid_, 0)),
      status_(other.status_),
      ended_(other.ended_) {}

void Process::signal(int number) const {
    if (::kill(pid_, number) != 0) fail(errno, "kill");
}

bool Process::running() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return !ended_;
}

ProcessResult Process::wait() {
    while (!ended_) {
        if (::waitpid(pid_, &status_, 0) == pid_) ended_ = true;
        else if (errno != EINTR) fail(errno, "waitpid");
    }
    const int exit_code = WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
    std::string err = err_->content();
    pass_report_on(err);
    return {exit_code, out_->content(), std::move(err)};
}

std::string Process::out() const {
    return out_->content();
}

ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input) {
    return Process(arguments, {.input = std::string(input)}).wait();
}

Process start_server(const std::vector<std::string>& arguments, const ProcessSettings& settings,
                     const std::vector<std::string>& is_ready) {
    Process server(arguments, settings);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (run_process(is_ready).exit_code != 0) {
        if (!server.running() || std::chrono::steady_clock::now() > give_up) {
            if (server.running()) server.signal(SIGKILL);
            throw std::runtime_error("a server does not start: " + server.wait().err);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return server;
}

}  // namespace audio_ident::test
