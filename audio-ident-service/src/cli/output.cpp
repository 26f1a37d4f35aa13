#include "cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace audio_ident::cli {

void print_line(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

void print_note(std::string_view text) {
    fmt::print(stderr, "audio-ident: {}\n", text);
}

void print_error(const Error& error) {
    print_note(error.message);
}

bool flush_output() {
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (!written) note("cannot write the answer to standard output: {}", std::strerror(errno));
    return written;
}

}  // namespace audio_ident::cli
