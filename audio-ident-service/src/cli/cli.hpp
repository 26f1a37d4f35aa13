#pragma once

#include "cli/program.hpp"

namespace audio_ident::cli {

/// Parses the arguments, reads the settings, runs the command, and returns the exit code of the process
/// (cli/exit_code.hpp). The answer goes to stdout, everything else to stderr.
int run(int argc, const char* const* argv, const Program& program);

}  // namespace audio_ident::cli
