#pragma once

#include "cli/program.hpp"

namespace audio_ident::cli {

/// Parses the arguments, reads the settings and runs the command that was named; returns the process's exit code
/// (cli/exit_code.hpp). stdout gets the answer, stderr everything else.
int run(int argc, const char* const* argv, const Program& program);

}  // namespace audio_ident::cli
