#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "library/monitors.hpp"

namespace audio_ident::cli {

/// The name or id of a monitor as an argument of the command; it lives as long as the command.
void add_monitor_argument(Command& command, std::string& name);

/// Says that there is no such monitor.
ExitCode no_monitor(const std::string& name);

/// Calls `work(store, row)` for the monitor with this name or id, and returns what that does.
template <typename Work>
ExitCode with_monitor(Invocation& invocation, const std::string& name, Work work) {
    const auto store = invocation.library().monitors(invocation.deadline());
    if (!store) return fail_with(store.error());
    const auto row = library::find_monitor(**store, name, invocation.deadline());
    if (!row) return fail_with(row.error());
    if (!*row) return no_monitor(name);
    return work(**store, **row);
}

}  // namespace audio_ident::cli
