#include "cli/find_monitor.hpp"

namespace audio_ident::cli {

ExitCode no_monitor(const std::string& name) {
    note("there is no monitor \"{}\"; `audio-ident monitor list` lists all", name);
    return ExitCode::fatal;
}

}  // namespace audio_ident::cli
