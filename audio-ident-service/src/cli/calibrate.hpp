#pragma once

#include <cstddef>

#include "cli/command.hpp"

namespace audio_ident::cli {

/// Measures how sure the exact lane may be on this library with degraded clips of up to `tracks` of its tracks, and stores
/// what it found.
ExitCode calibrate(Invocation& invocation, std::size_t tracks);

/// Forgets what calibrate() stored.
ExitCode forget_calibration(Invocation& invocation);

}  // namespace audio_ident::cli
