#pragma once

#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "cli/exit_code.hpp"
#include "core/error.hpp"

namespace audio_ident::cli {

/// Writes the answer and a line feed to stdout.
void print_line(std::string_view line);

/// Writes "audio-ident: …" to stderr: errors, and notes beside the answer.
void print_note(std::string_view text);

/// Prints the failure on stderr and returns its exit code.
ExitCode fail_with(const Error& error);

template <typename... Args>
void note(fmt::format_string<Args...> format, Args&&... args) {
    print_note(fmt::format(format, std::forward<Args>(args)...));
}

/// Asks on stderr and reads a line of stdin. True only for y or yes; otherwise it says that nothing was changed.
bool confirmed(std::string_view question);

/// False when a part of the answer could not be written (disk full, closed pipe). Then it prints the failure on stderr.
bool flush_output();

}  // namespace audio_ident::cli
