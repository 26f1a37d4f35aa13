#pragma once

#include <cstddef>

#include "cli/command.hpp"

namespace audio_ident::cli {

/// Measures on degraded clips of up to `tracks` tracks how often the exact lane is right in this library, and stores
/// the calibration.
ExitCode calibrate(Invocation& invocation, std::size_t tracks);

/// Removes the calibration that calibrate() stored.
ExitCode forget_calibration(Invocation& invocation);

}  // namespace audio_ident::cli
