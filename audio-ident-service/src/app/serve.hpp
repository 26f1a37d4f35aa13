#pragma once

#include <stop_token>

#include "cli/program.hpp"

namespace audio_ident::app {

/// Runs the HTTP service until a stop (see Program::serve). When another program replaces the index, or another model
/// comes into service, it starts again on the same port.
Result<void> serve(const config::Settings& settings, const cli::ServeOptions& options, const cli::Listening& listening,
                   const std::stop_token& stop);

}  // namespace audio_ident::app
