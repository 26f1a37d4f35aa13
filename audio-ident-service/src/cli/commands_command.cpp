#include "cli/command.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <sstream>

#include "cli/output.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

boost::json::array names_json(const std::string& names) {
    boost::json::array array;
    std::istringstream text(names);
    for (std::string name; std::getline(text, name, ',');) array.emplace_back(name);
    return array;
}

boost::json::value value_json(const Option& option) {
    if (std::holds_alternative<bool*>(option.into)) return nullptr;
    return boost::json::value(option.type_name.empty() ? "VALUE" : option.type_name);
}

boost::json::object option_json(const Option& option) {
    boost::json::array values;
    for (const auto& value : option.one_of) values.emplace_back(value);
    return {{"names", names_json(option.names)},
            {"positional", !option.names.starts_with('-')},
            {"value", value_json(option)},
            {"values", std::move(values)},
            {"required", option.required},
            {"repeats", std::holds_alternative<std::vector<std::string>*>(option.into)},
            {"help", option.help}};
}

boost::json::object command_json(const Command& command, const std::string& name) {
    boost::json::array options;
    for (const auto& option : command.options) options.push_back(option_json(option));
    boost::json::array below;
    for (const auto& each : command.commands) below.emplace_back(each.name);
    return {{"command", name},
            {"help", command.help},
            {"text", command.footer},
            {"options", std::move(options)},
            {"commands", std::move(below)}};
}

/// One line for each command, those above before those below.
void print_commands(const Command& command, const std::string& name, bool json) {
    if (json) print_line(util::json_text(command_json(command, name)));
    else print_line(fmt::format("{:<32} {}", name, command.help));
    for (const auto& below : command.commands) print_commands(below, name + " " + below.name, json);
}

}  // namespace

void add_commands_command(Command& root) {
    auto& command = root.add_command("commands", "List all commands; with --json also their options");
    command.footer =
        "Man pages and completions for shells are made from its JSON: one object for each command.\n\n"
        "Examples:\n"
        "  audio-ident commands\n"
        "  audio-ident commands --json";
    command.run = [&root](Invocation& invocation) {
        print_commands(root, root.name, invocation.json());
        return ExitCode::fine;
    };
}

}  // namespace audio_ident::cli
