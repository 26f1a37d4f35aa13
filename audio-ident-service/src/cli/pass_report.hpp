#pragma once

#include <string_view>

#include "cli/exit_code.hpp"
#include "ingest/pass.hpp"

namespace audio_ident::cli {

struct PassWords {
    std::string_view done;   ///< what was done to a track: "rebuilt"; also the count's name in JSON
    std::string_view again;  ///< the command that does the rest after an interruption
};

/// The answer of a command that reads the files of tracks again; the exit code that goes with it.
ExitCode print_pass(const ingest::PassReport& report, bool json, const PassWords& words);

}  // namespace audio_ident::cli
