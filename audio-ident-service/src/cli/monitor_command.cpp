#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>

#include "api/monitor_types.hpp"
#include "cli/command.hpp"
#include "cli/find_monitor.hpp"
#include "cli/output.hpp"
#include "cli/sound_commands.hpp"
#include "cli/text.hpp"
#include "library/monitors.hpp"
#include "search/confidence.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

using catalog::MonitorRow;

struct AddArguments {
    std::string name;
    std::string source;
    double min_confidence = search::kDefaultMinConfidence;
};

std::string line_of(const MonitorRow& row) {
    const auto words = api::monitor_of(row);
    std::string text = fmt::format("{:<10}  {}  {}", boost::describe::enum_to_string(words.status, ""),
                                   one_line(row.name), one_line(words.source));
    if (words.detail) text += ": " + one_line(*words.detail);
    return text;
}

void print(const MonitorRow& row, bool json) {
    print_line(json ? util::json_text_of(api::monitor_of(row)) : line_of(row));
}

/// Runs `work(store, row)` for the monitor of this name, which returns the row to print, or none.
template <typename Work>
ExitCode print_monitor(Invocation& invocation, const std::string& name, Work work) {
    return with_monitor(invocation, name, [&](auto& store, const MonitorRow& row) {
        const Result<std::optional<MonitorRow>> done = work(store, row);
        if (!done) return fail_with(done.error());
        if (*done) print(**done, invocation.json());
        return ExitCode::fine;
    });
}

ExitCode add(Invocation& invocation, const AddArguments& arguments) {
    const auto store = invocation.library().monitors(invocation.deadline());
    if (!store) return fail_with(store.error());
    const auto row = library::add_monitor(**store, {arguments.name, arguments.source, arguments.min_confidence},
                                          invocation.deadline());
    if (!row) return fail_with(row.error());
    print(*row, invocation.json());
    if (!invocation.json()) note("`audio-ident serve` listens to it while it runs");
    return ExitCode::fine;
}

ExitCode list(Invocation& invocation) {
    const auto store = invocation.library().monitors(invocation.deadline());
    if (!store) return fail_with(store.error());
    const auto rows = (*store)->list(invocation.deadline());
    if (!rows) return fail_with(rows.error());
    for (const auto& row : *rows) print(row, invocation.json());
    if (!invocation.json()) note("{}", count_text(static_cast<std::int64_t>(rows->size()), "monitor"));
    return ExitCode::fine;
}

ExitCode show(Invocation& invocation, const std::string& name) {
    constexpr std::int64_t kOutages = 10;
    return print_monitor(
        invocation, name, [&](auto& store, const MonitorRow& row) -> Result<std::optional<MonitorRow>> {
            const auto outages = store.outages(row.id, kOutages, invocation.deadline());
            if (!outages) return forward(outages);
            auto object = boost::json::value_from(api::monitor_of(row)).as_object();
            boost::json::array list;
            for (const auto& outage : *outages) list.push_back(boost::json::value_from(api::outage_of(outage)));
            object["outages"] = std::move(list);
            if (invocation.json()) {
                print_line(util::json_text(object));
                return std::nullopt;
            }
            for (const auto& [key, value] : object) {
                if (value.is_null() || value.is_array()) continue;
                const auto text = value.is_string() ? std::string(value.get_string()) : util::json_text(value);
                print_line(fmt::format("{:<16} {}", std::string_view(key), one_line(text)));
            }
            for (const auto& outage : *outages) {
                const auto words = api::outage_of(outage);
                print_line(fmt::format("outage           {} to {}: {}", words.started_at,
                                       words.ended_at.value_or("now"), one_line(words.reason)));
            }
            return std::nullopt;
        });
}

ExitCode pause(Invocation& invocation, const std::string& name, bool paused) {
    return print_monitor(invocation, name, [&](auto& store, const MonitorRow& row) {
        return library::change_monitor(store, row.id, {.paused = paused}, invocation.deadline());
    });
}

ExitCode remove(Invocation& invocation, const std::string& name, bool yes) {
    if (!yes && !confirmed(fmt::format("Remove the monitor \"{}\" with the log of what it heard?", name)))
        return ExitCode::fine;
    return print_monitor(invocation, name,
                         [&](auto& store, const MonitorRow& row) -> Result<std::optional<MonitorRow>> {
                             const auto removed = store.remove(row.id, invocation.deadline());
                             if (!removed) return forward(removed);
                             return std::nullopt;
                         });
}

void add_named(Command& monitor, const char* name, const char* help,
               std::function<ExitCode(Invocation&, const std::string&)> run) {
    auto& command = monitor.add_command(name, help);
    auto which = std::make_shared<std::string>();
    add_monitor_argument(command, *which);
    command.run = [which, run = std::move(run)](Invocation& invocation) { return run(invocation, *which); };
}

void add_add_command(Command& monitor) {
    auto& command = monitor.add_command("add", "Listen to a station, and keep a log of what it plays");
    auto arguments = std::make_shared<AddArguments>();
    command.add(
        {.names = "name", .into = &arguments->name, .help = "What to call it", .type_name = "NAME", .required = true});
    command.add({.names = "source",
                 .into = &arguments->source,
                 .help = "URL (Icecast, SHOUTcast, HTTP, HLS), or absolute path of a file or named pipe",
                 .type_name = "URL|PATH",
                 .required = true});
    command.add({.names = "--min-confidence",
                 .into = &arguments->min_confidence,
                 .help = "Leave out plays that are less certain",
                 .type_name = "0-1",
                 .range = std::pair(0.0, 1.0)});
    command.run = [arguments](Invocation& invocation) { return add(invocation, *arguments); };
}

void add_remove_command(Command& monitor) {
    auto& command = monitor.add_command("remove", "Remove a monitor with its log");
    auto which = std::make_shared<std::string>();
    auto yes = std::make_shared<bool>(false);
    add_monitor_argument(command, *which);
    command.add({.names = "--yes,-y", .into = yes.get(), .help = "Do not ask"});
    command.run = [which, yes](Invocation& invocation) { return remove(invocation, *which, *yes); };
}

}  // namespace

void add_monitor_command(Command& root) {
    auto& command = root.add_command("monitor", "Listen to radio stations all the time, and log what they play");
    command.footer =
        "Examples:\n"
        "  audio-ident monitor add \"Radio One\" https://example.org/stream.mp3\n"
        "  audio-ident monitor list\n"
        "  audio-ident plays --monitor \"Radio One\"\n"
        "  audio-ident monitor sounds \"Radio One\"\n"
        "  audio-ident monitor keep \"Radio One\" 12 --title \"News jingle\"\n\n"
        "The service (`audio-ident serve`) does the listening.";
    add_add_command(command);
    command.add_command("list", "List the monitors and how they are").run = list;
    add_named(command, "show", "Show a monitor and its last outages", show);
    add_named(command, "pause", "Stop listening for now",
              [](Invocation& invocation, const std::string& name) { return pause(invocation, name, true); });
    add_named(command, "resume", "Listen again",
              [](Invocation& invocation, const std::string& name) { return pause(invocation, name, false); });
    add_remove_command(command);
    add_test_webhook_command(command);
    add_sounds_command(command);
    add_keep_command(command);
}

}  // namespace audio_ident::cli
