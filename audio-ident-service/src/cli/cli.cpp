#include "cli/cli.hpp"

#include <algorithm>
#include <fmt/ranges.h>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/suggestion.hpp"
#include "search/vibe_lane.hpp"

namespace audio_ident::cli {
namespace {

struct GlobalOptions {
    bool json = false;
    std::string env_file;
    std::vector<std::string> assignments;                    ///< NAME=VALUE
    std::vector<std::pair<std::string, std::string>> flags;  ///< by setting name
};

/// What stands for the value in the help: its choices, or its type.
std::string type_name(const config::Setting& setting) {
    switch (setting.type) {
        case config::Type::choice: return fmt::format("{}", fmt::join(setting.choices, "|"));
        case config::Type::path: return "PATH";
        case config::Type::url: return "URL";
        case config::Type::integer: return "N";
        default: return "WORD";
    }
}

/// Options that are valid before and after any command: --json, --env-file, --set, and the flags of the settings.
void add_global_options(Command& root, GlobalOptions& options) {
    root.add({.names = "--json", .into = &options.json, .help = "Print JSON, one object per line"});
    root.add({.names = "--env-file",
              .into = &options.env_file,
              .help = "Read settings from this file instead of .env",
              .type_name = "FILE"});
    root.add({.names = "--set",
              .into = &options.assignments,
              .help = "Set any setting; `audio-ident config` lists them",
              .type_name = "NAME=VALUE",
              .group = "Settings"});
    for (const auto& setting : config::all_settings()) {
        if (setting.flag.empty()) continue;
        const auto keep = [&options, name = std::string(setting.name)](const std::string& value) {
            options.flags.emplace_back(name, value);
        };
        root.add({.names = "--" + std::string(setting.flag),
                  .into = keep,
                  .help = std::string(setting.help),
                  .type_name = type_name(setting),
                  .group = "Settings"});
    }
}

/// Loads the settings, and prints a note for each warning.
Result<config::Loaded> load_settings(const GlobalOptions& options) {
    auto sources = config::Sources::of_process();
    sources.flags = options.flags;
    for (const auto& assignment : options.assignments) {
        const auto equals = assignment.find('=');
        if (equals == std::string::npos) {
            return fail(ErrorKind::invalid_input, "--set takes NAME=VALUE, not \"{}\"", assignment);
        }
        sources.flags.emplace_back(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
    if (!options.env_file.empty()) sources.env_file = options.env_file;
    auto loaded = config::load(sources);
    if (loaded) {
        for (const auto& warning : loaded->warnings) note("warning: {}", warning);
    }
    return loaded;
}

/// "help search" means "search --help".
void accept_help_as_command(std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front() != "help") return;
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
}

/// Prints help and version to stdout with exit code 0, and what is wrong with a command line to stderr with 2.
int report(const Command& root, const Parsed& parsed, std::span<const std::string> arguments) {
    const auto mistake = mistyped(root, arguments);
    if (parsed.text && !mistake) {
        std::cout << *parsed.text;
        return static_cast<int>(ExitCode::fine);
    }
    const auto problem = mistake.value_or(parsed.problem.value_or(""));
    note("{}{} see `{} --help`", problem, problem.ends_with('?') ? "" : ";", parsed.command_name);
    return static_cast<int>(ExitCode::usage);
}

Command describe(const Program& program) {
    Command root{
        .name = "audio-ident",
        .help = "Finds music by sound in your own library: which recording is this clip from, and which second of it?",
        .version = "audio-ident " + program.version};
    root.footer =
        "Start here:\n"
        "  audio-ident ingest ~/Music           index your music, in place\n"
        "  audio-ident search recording.webm    identify a clip\n"
        "  audio-ident serve                    web page and API, at http://localhost:17010\n"
        "  audio-ident COMMAND --help           options and examples of a command\n\n"
        "Exit codes: 0 fine, 1 fatal, 2 usage, 3 some files failed, 75 a store is unavailable or locked, 130 "
        "interrupted.";
    return root;
}

void add_commands(Command& root) {
    add_ingest_command(root);
    add_search_command(root);
    add_timeline_command(root);
    add_listen_command(root);
    add_similar_command(root);
    add_monitor_command(root);
    add_plays_command(root);
    add_tracks_command(root);
    add_serve_command(root);
    add_doctor_command(root);
    add_rebuild_index_command(root);
    add_reembed_command(root);
    add_model_command(root);
    add_db_command(root);
    add_config_command(root);
    add_commands_command(root);
    add_version_command(root);
}

}  // namespace

void add_vibe_options(Command& command, std::size_t& max_results, double& min_similarity, bool& diverse) {
    command.add({.names = "--max-results",
                 .into = &max_results,
                 .help = "Show at most this many matches per lane (default 10)",
                 .type_name = "1-50",
                 .range = std::pair(1, 50)});
    command.add(
        {.names = "--min-similarity",
         .into = &min_similarity,
         .help = fmt::format("Leave out tracks less similar than this (default {})", search::kDefaultMinSimilarity),
         .type_name = "0-1",
         .range = std::pair(0.0, 1.0)});
    command.add({.names = "--diverse", .into = &diverse, .help = "Prefer similar tracks that differ from each other"});
}

void add_wait_option(Command& command, int& seconds) {
    command.add({.names = "--wait",
                 .into = &seconds,
                 .help = fmt::format(
                     "Wait up to this long for another command to finish changing the library (default {})", seconds),
                 .type_name = "SECONDS",
                 .range = std::pair(0, 86400)});
}

void add_stream_option(Command& command, std::optional<int>& stream) {
    command.add({.names = "--stream",
                 .into = &stream,
                 .help = "Of a file with several audio streams, take this one, counted from 1 (default: the one that "
                         "it marks as its default)",
                 .type_name = "N",
                 .range = std::pair(1, 10'000)});
}

int run(int argc, const char* const* argv, const Program& program) {
    Command root = describe(program);
    GlobalOptions options;
    add_global_options(root, options);
    add_commands(root);

    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);  // without the name of the program
    accept_help_as_command(arguments);
    const auto parsed = parse(root, arguments);
    if (parsed.text || parsed.problem) return report(root, parsed, arguments);
    auto loaded = load_settings(options);
    if (!loaded) return static_cast<int>(fail_with(loaded.error()));
    Invocation invocation(program, options.json, std::move(*loaded));
    const auto code = parsed.command->run(invocation);
    return static_cast<int>(flush_output() ? code : ExitCode::fatal);
}

}  // namespace audio_ident::cli
