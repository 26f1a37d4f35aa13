#pragma once

namespace audio_ident::app {

/// The whole program: connects the concrete parts and runs the command line. Returns the exit code.
int run(int argc, char** argv);

}  // namespace audio_ident::app
