#include "support/process.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::test {

namespace {

[[noreturn]] void fail(int code, const std::string& what) {
    throw std::system_error(code, std::generic_category(), what);
}

/// An unnamed file in place of a pipe: neither side ever waits for the other.
class ScratchFile {
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
    std::string content() {
        std::string text;
        char buffer[1 << 16];
        std::rewind(file_.get());
        while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file_.get())) text.append(buffer, n);
        return text;
    }

  private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input) {
    ScratchFile in;
    ScratchFile out;
    ScratchFile err;
    in.fill(input);

    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.descriptor(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), 2);
    pid_t pid = 0;
    const int code = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (code != 0) fail(code, arguments.front());

    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) fail(errno, "waitpid");
    }
    const int exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return {exit_code, out.content(), err.content()};
}

}  // namespace audio_ident::test
