#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/exit_code.hpp"

// The commands of the program and their options, as data. options.cpp alone includes CLI11, which takes a compiler
// several seconds for each file.

namespace audio_ident::cli {

class Invocation;

/// Where the value of an option goes. The variable outlives the parsing. bool is a flag without a value. A vector takes
/// every positional argument, or the value of each time that the option is given.
using Target = std::variant<std::string*, std::vector<std::string>*, int*, std::int64_t*, std::size_t*, double*,
                            std::optional<int>*, bool*, std::function<void(const std::string&)>>;

/// The least and the greatest value.
using Range = std::variant<std::monostate, std::pair<int, int>, std::pair<double, double>>;

struct Option {
    std::string names;  ///< "--yes,-y"; without dashes it is positional
    Target into;
    std::string help;
    std::string type_name = {};
    Range range = {};
    std::vector<std::string> one_of = {};
    /// Says what is wrong with a value; empty when it is good.
    std::function<std::string(const std::string&)> problem = {};
    bool required = false;
    const Option* needs = nullptr;     ///< an earlier option of the same command
    const Option* excludes = nullptr;  ///< likewise
    std::string group = {};
};

struct Command {
    std::string name;
    std::string help;
    std::string version = {};          ///< of the root: what --version prints
    std::string footer = {};           ///< of its help; empty: that of the command above it
    std::list<Option> options = {};    ///< in the order of the help
    std::list<Command> commands = {};  ///< one of them has to follow, if there are any
    /// Says what is wrong with the options together; nullopt when they are good.
    std::function<std::optional<std::string>()> problem = {};
    std::function<ExitCode(Invocation&)> run = {};

    const Option& add(Option option) { return options.emplace_back(std::move(option)); }
    Command& add_command(std::string command_name, std::string command_help) {
        return commands.emplace_back(Command{.name = std::move(command_name), .help = std::move(command_help)});
    }
};

struct Parsed {
    const Command* command = nullptr;         ///< the innermost command that the arguments name
    std::string command_name;                 ///< with those above it: "audio-ident tracks list"
    std::optional<std::string> text = {};     ///< what --help or --version prints
    std::optional<std::string> problem = {};  ///< what is wrong with the arguments
};

/// Reads the arguments, without the name of the program, and stores the values of the options. The caller runs the
/// command unless there is a text or a problem.
Parsed parse(const Command& root, std::span<const std::string> arguments);

}  // namespace audio_ident::cli
