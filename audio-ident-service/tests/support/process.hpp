#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace audio_ident::test {

struct ProcessResult {
    int exit_code = 0;  ///< 128 + the signal's number when a signal ended it
    std::string out;
    std::string err;
};

/// Runs a program (looked up in PATH) with these arguments and this standard input, and waits for its end.
/// Throws std::system_error when it cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace audio_ident::test
