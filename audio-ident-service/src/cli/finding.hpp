#pragma once

#include <span>
#include <string>

#include "cli/exit_code.hpp"

namespace audio_ident::cli {

enum class Health { good, warning, bad };

/// One thing that `doctor` looked at.
struct Finding {
    std::string subject;
    Health health = Health::good;
    std::string text;
    std::string advice = {};  ///< what to run or do
};

/// Prints what was found; the exit code is that of `doctor`.
ExitCode print_findings(std::span<const Finding> findings, bool json);

}  // namespace audio_ident::cli
