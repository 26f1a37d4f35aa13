#include "cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

namespace audio_ident::cli {

void print_line(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

void print_note(std::string_view text) {
    fmt::print(stderr, "audio-ident: {}\n", text);
}

ExitCode fail_with(const Error& error) {
    print_note(error.message);
    return exit_code_of(error.kind);
}

bool confirmed(std::string_view question) {
    fmt::print(stderr, "{} [y/N] ", question);
    std::string answer;
    if (std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes")) return true;
    note("nothing was changed; use --yes to answer in advance");
    return false;
}

bool flush_output() {
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (!written) note("cannot write the answer to standard output: {}", std::strerror(errno));
    return written;
}

}  // namespace audio_ident::cli
