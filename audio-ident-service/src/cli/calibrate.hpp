#pragma once

#include <cstddef>

#include "cli/command.hpp"

namespace audio_ident::cli {

/// Measures on degraded clips of up to `tracks` tracks how certain the exact lane may be on this library, and stores
/// the result.
ExitCode calibrate(Invocation& invocation, std::size_t tracks);

/// Forgets what calibrate() stored.
ExitCode forget_calibration(Invocation& invocation);

}  // namespace audio_ident::cli
