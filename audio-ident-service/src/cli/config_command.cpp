#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "config/render.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

boost::json::value to_json(const config::Loaded& loaded) {
    boost::json::object settings;
    for (const auto& value : loaded.values) {
        const auto shown = masked(*value.setting, value.text);
        settings[value.setting->name] = {
            {"value", shown.empty() ? boost::json::value(nullptr) : boost::json::value(shown)},
            {"origin", value.where}};
    }
    return settings;
}

std::string without_last_line_feed(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

void add_config_command(Command& root) {
    auto& command = root.add_command("config", "Show every setting, its value and its origin");
    auto example = std::make_shared<bool>(false);
    command.add(
        {.names = "--example", .into = example.get(), .help = "Print a commented .env file with all settings instead"});
    command.footer =
        "Precedence, highest first: command-line flags, the environment, .env in the working directory, the choice of\n"
        "`audio-ident model use`, the default. Secrets are shown as ***.\n\n"
        "Examples:\n"
        "  audio-ident config\n"
        "  LOG_LEVEL=debug audio-ident config\n"
        "  audio-ident config --example > .env";
    command.run = [example](Invocation& invocation) {
        if (*example) print_line(without_last_line_feed(config::env_example()));
        else if (invocation.json()) print_line(util::json_text(to_json(invocation.loaded())));
        else print_line(without_last_line_feed(config::to_text(invocation.loaded())));
        return ExitCode::fine;
    };
}

}  // namespace audio_ident::cli
