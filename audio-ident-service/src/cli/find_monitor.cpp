#include "cli/find_monitor.hpp"

namespace audio_ident::cli {

void add_monitor_argument(Command& command, std::string& name) {
    command.add({.names = "name",
                 .into = &name,
                 .help = "Name or id of the monitor",
                 .type_name = "NAME|ID",
                 .required = true});
}

ExitCode no_monitor(const std::string& name) {
    note("there is no monitor \"{}\"; `audio-ident monitor list` lists all", name);
    return ExitCode::fatal;
}

}  // namespace audio_ident::cli
