#include "cli/cli.hpp"

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

const char* type_name(config::Type type) {
    switch (type) {
        case config::Type::path: return "PATH";
        case config::Type::url: return "URL";
        case config::Type::integer: return "N";
        default: return "WORD";
    }
}

/// Options that are valid before and after any command: --json, --env-file, --set, and the flags of the settings.
void add_global_options(CLI::App& root, GlobalOptions& options) {
    root.add_flag("--json", options.json, "Print JSON, one object per line");
    root.add_option("--env-file", options.env_file, "Read settings from this file instead of .env")->type_name("FILE");
    root.add_option("--set", options.assignments, "Set any setting; `audio-ident config` lists them")
        ->type_name("NAME=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Settings");
    for (const auto& setting : config::all_settings()) {
        if (setting.flag.empty()) continue;
        root.add_option_function<std::string>(
                "--" + std::string(setting.flag),
                [&options, name = std::string(setting.name)](const std::string& value) {
                    options.flags.emplace_back(name, value);
                },
                std::string(setting.help))
            ->type_name(type_name(setting.type))
            ->group("Settings");
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

/// CLI11 reads "[a,b]" as a list of two, but a folder may have that name. "./[a,b]" is the same folder, and not a list.
/// The text of --search is the only argument that is not a path.
std::vector<std::string> with_brackets_kept(int argc, const char* const* argv) {
    std::vector<std::string> arguments(argv, argv + argc);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        auto& argument = arguments[i];
        if (argument.starts_with('[') && argument.ends_with(']') && arguments[i - 1] != "--search") {
            argument.insert(0, "./");
        }
    }
    return arguments;
}

/// "help search" means "search --help".
void accept_help_as_command(std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front() != "help") return;
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
}

const CLI::App& chosen_command(const CLI::App& root) {
    const CLI::App* command = &root;
    for (auto chosen = command->get_subcommands(); !chosen.empty(); chosen = command->get_subcommands()) {
        command = chosen.front();
    }
    return *command;
}

std::string name_of(const CLI::App& command) {
    const auto* parent = command.get_parent();
    return parent ? name_of(*parent) + " " + command.get_name() : "audio-ident";
}

std::string problem_of(const CLI::App& root, const CLI::ParseError& error) {
    const auto& command = chosen_command(root);
    const bool command_missing = command.get_require_subcommand_min() > command.get_subcommands().size() &&
                                 dynamic_cast<const CLI::RequiredError*>(&error);
    return command_missing ? "a command is missing" : error.what();
}

/// Prints help and version to stdout with exit code 0, and what is wrong with a command line to stderr with 2.
int report(const CLI::App& root, const CLI::ParseError& error, std::span<const std::string> arguments) {
    const auto mistake = mistyped(root, arguments);
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success) && !mistake) {
        root.exit(error, std::cout, std::cerr);
        return static_cast<int>(ExitCode::fine);
    }
    const auto problem = mistake.value_or(problem_of(root, error));
    note("{}{} see `{} --help`", problem, problem.ends_with('?') ? "" : ";", name_of(chosen_command(root)));
    return static_cast<int>(ExitCode::usage);
}

void describe(CLI::App& root) {
    root.require_subcommand(1);
    root.fallthrough();
    root.footer(
        "Start here:\n"
        "  audio-ident ingest ~/Music           index your music, in place\n"
        "  audio-ident search recording.webm    identify a clip\n"
        "  audio-ident serve                    web page and API, at http://localhost:17010\n"
        "  audio-ident COMMAND --help           options and examples of a command\n\n"
        "Exit codes: 0 fine, 1 fatal, 2 usage, 3 some files failed, 75 a store is unavailable or locked, 130 "
        "interrupted.");
}

void add_commands(CLI::App& root, Run& chosen) {
    add_ingest_command(root, chosen);
    add_search_command(root, chosen);
    add_timeline_command(root, chosen);
    add_similar_command(root, chosen);
    add_tracks_command(root, chosen);
    add_serve_command(root, chosen);
    add_doctor_command(root, chosen);
    add_rebuild_index_command(root, chosen);
    add_reembed_command(root, chosen);
    add_model_command(root, chosen);
    add_db_command(root, chosen);
    add_config_command(root, chosen);
    add_version_command(root, chosen);
}

}  // namespace

void add_vibe_options(CLI::App& command, std::size_t& max_results, double& min_similarity, bool& diverse) {
    command.add_option("--max-results", max_results, "Show at most this many matches per lane (default 10)")
        ->check(CLI::Range(1, 50))
        ->type_name("1-50");
    command
        .add_option("--min-similarity", min_similarity,
                    fmt::format("Leave out tracks less similar than this (default {})", search::kDefaultMinSimilarity))
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("0-1");
    command.add_flag("--diverse", diverse, "Prefer similar tracks that differ from each other");
}

void add_wait_option(CLI::App& command, int& seconds) {
    command
        .add_option("--wait", seconds,
                    "Wait up to this long for another command to finish changing the library (default 0)")
        ->check(CLI::Range(0, 86400))
        ->type_name("SECONDS");
}

void add_stream_option(CLI::App& command, std::optional<int>& stream) {
    command
        .add_option("--stream", stream,
                    "Of a file with several audio streams, take this one, counted from 1 (default: the one that it "
                    "marks as its default)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
}

int run(int argc, const char* const* argv, const Program& program) {
    CLI::App root(
        "Finds music by sound in your own library: which recording is this clip from, and which second of it?",
        "audio-ident");
    root.set_version_flag("--version,-V", "audio-ident " + program.version, "Print the version and exit");
    describe(root);
    GlobalOptions options;
    Run chosen;
    add_global_options(root, options);
    add_commands(root, chosen);

    auto arguments = with_brackets_kept(argc, argv);
    arguments.erase(arguments.begin());  // the name of the program
    accept_help_as_command(arguments);
    try {
        root.parse(std::vector(arguments.rbegin(), arguments.rend()));  // CLI11 takes them in reverse
    } catch (const CLI::ParseError& error) {
        return report(root, error, arguments);
    }
    auto loaded = load_settings(options);
    if (!loaded) return static_cast<int>(fail_with(loaded.error()));
    Invocation invocation(program, options.json, std::move(*loaded));
    const auto code = chosen(invocation);
    return static_cast<int>(flush_output() ? code : ExitCode::fatal);
}

}  // namespace audio_ident::cli
