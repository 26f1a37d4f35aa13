#pragma once

namespace audio_ident::cli {

/// Runs the command that the arguments name; returns the process's exit code (docs/architecture.md lists them).
int run(int argc, char** argv);

}  // namespace audio_ident::cli
