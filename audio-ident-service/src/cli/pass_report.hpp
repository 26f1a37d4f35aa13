#pragma once

#include <string_view>

#include "cli/exit_code.hpp"
#include "ingest/pass.hpp"

namespace audio_ident::cli {

struct PassWords {
    std::string_view done;   ///< the verb for a finished track, "rebuilt"; also the name of the count in JSON
    std::string_view again;  ///< the command that continues after an interruption
};

/// Prints the answer of a command that reads the files of tracks again, and returns its exit code.
ExitCode print_pass(const ingest::PassReport& report, bool json, const PassWords& words);

}  // namespace audio_ident::cli
