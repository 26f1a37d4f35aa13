#include "child_program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace audio_ident::test {
namespace {

std::array<int, 2> open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    return ends;
}

}  // namespace

ChildProgram::ChildProgram(std::vector<std::string> arguments) {
    const auto input = open_pipe();
    const auto output = open_pipe();
    arguments.insert(arguments.begin(), CHILD_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    const int code = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = ::fdopen(input[1], "w");
    output_ = ::fdopen(output[0], "r");
    if (code != 0) throw std::system_error(code, std::generic_category(), argv[0]);
}

ChildProgram::~ChildProgram() {
    close_input();
    kill();
    wait();
    std::fclose(output_);
}

std::string ChildProgram::line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_)) text += static_cast<char>(c);
    return text;
}

std::vector<std::string> ChildProgram::lines() {
    std::vector<std::string> all;
    for (std::string next = line(); !next.empty(); next = line()) all.push_back(next);
    return all;
}

void ChildProgram::close_input() {
    if (input_ != nullptr) std::fclose(input_);
    input_ = nullptr;
}

void ChildProgram::kill() {
    if (exit_code_ < 0) ::kill(pid_, SIGKILL);
}

int ChildProgram::wait() {
    if (exit_code_ >= 0) return exit_code_;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return exit_code_;
}

}  // namespace audio_ident::test
