#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace audio_ident::cli {
namespace {

/// CLI11 would read "[a,b]" as a list of two, but it may be a title, or the name of a folder. So it never sees such an
/// argument begin with its bracket.
constexpr char kBracketFollows = '\x01';

std::string hidden_from_lists(std::string argument) {
    if (argument.starts_with('[') && argument.ends_with(']')) argument.insert(0, 1, kBracketFollows);
    return argument;
}

std::string as_given(std::string argument) {
    if (argument.starts_with(kBracketFollows)) argument.erase(0, 1);
    return argument;
}

/// Makes CLI11's option for each kind of variable.
struct Binding {
    CLI::App& app;
    const Option& option;

    template <typename T>
    CLI::Option* operator()(T* variable) const {
        return app.add_option(option.names, *variable, option.help);
    }
    CLI::Option* operator()(bool* variable) const { return app.add_flag(option.names, *variable, option.help); }
    CLI::Option* operator()(std::vector<std::string>* variable) const {
        auto* added = app.add_option(option.names, *variable, option.help);
        if (!option.names.starts_with('-')) return added;
        return added->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    CLI::Option* operator()(const std::function<void(const std::string&)>& take) const {
        return app.add_option_function<std::string>(option.names, take, option.help);
    }
};

struct RangeCheck {
    CLI::Option& option;

    void operator()(std::monostate) const {}
    template <typename T>
    void operator()(const std::pair<T, T>& range) const {
        option.check(CLI::Range(range.first, range.second));
    }
};

CLI::Option* add_option(CLI::App& app, const Option& option) {
    auto* added = std::visit(Binding{app, option}, option.into);
    if (!std::holds_alternative<bool*>(option.into)) added->transform(as_given);
    std::visit(RangeCheck{*added}, option.range);
    if (!option.one_of.empty()) added->check(CLI::IsMember(option.one_of));
    if (option.problem) added->check(option.problem);
    if (!option.type_name.empty()) added->type_name(option.type_name);
    if (!option.group.empty()) added->group(option.group);
    if (option.required) added->required();
    return added;
}

/// A subcommand takes over some properties of the app above it at once, so they are set before it is added.
void fill(CLI::App& app, const Command& command) {
    if (!command.version.empty()) app.set_version_flag("--version,-V", command.version, "Print the version and exit");
    if (!command.commands.empty()) app.require_subcommand(1);
    if (!command.footer.empty()) app.footer(command.footer);
    std::map<const Option*, CLI::Option*> added;
    for (const Option& option : command.options) {
        added[&option] = add_option(app, option);
        if (option.needs) added[&option]->needs(added.at(option.needs));
        if (option.excludes) added[&option]->excludes(added.at(option.excludes));
    }
    app.callback([&command] {
        const auto problem = command.problem ? command.problem() : std::nullopt;
        if (problem) throw CLI::ValidationError(*problem);
    });
    for (const Command& below : command.commands) fill(*app.add_subcommand(below.name, below.help), below);
}

const Command& command_called(const Command& command, const std::string& name) {
    return *std::ranges::find(command.commands, name, &Command::name);
}

std::string problem_of(const CLI::App& app, const CLI::ParseError& error) {
    const bool command_missing = app.get_require_subcommand_min() > app.get_subcommands().size() &&
                                 dynamic_cast<const CLI::RequiredError*>(&error);
    if (command_missing) return "a command is missing";
    std::string problem = error.what();
    std::erase(problem, kBracketFollows);
    return problem;
}

}  // namespace

Parsed parse(const Command& root, std::span<const std::string> arguments) {
    CLI::App root_app(root.help, root.name);
    root_app.fallthrough();
    fill(root_app, root);
    Parsed parsed{.command = &root, .command_name = root.name};
    const CLI::App* app = &root_app;
    const auto find_command = [&] {
        for (auto named = app->get_subcommands(); !named.empty(); named = app->get_subcommands()) {
            app = named.front();
            parsed.command = &command_called(*parsed.command, app->get_name());
            parsed.command_name += " " + app->get_name();
        }
    };
    try {
        std::vector<std::string> reversed(arguments.size());  // as CLI11 takes them
        std::ranges::transform(arguments, reversed.rbegin(), hidden_from_lists);
        root_app.parse(std::move(reversed));
        find_command();
    } catch (const CLI::ParseError& error) {
        find_command();
        std::ostringstream text;
        if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
            parsed.problem = problem_of(*app, error);
        else root_app.exit(error, text, text);
        if (!parsed.problem) parsed.text = text.str();
    }
    return parsed;
}

}  // namespace audio_ident::cli
