#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "config/table.hpp"
#include "core/result.hpp"

namespace audio_ident::config {

/// Where settings come from, the strongest first. The process's own by default; tests pass their own.
struct Sources {
    std::vector<std::pair<std::string, std::string>> flags;  ///< setting name and value
    std::function<std::optional<std::string>(const std::string& name)> environment;
    std::optional<std::filesystem::path> env_file;  ///< must exist; absent: ".env" in the working directory, if there

    static Sources of_process();
};

enum class Origin { fallback, chosen, env_file, environment, flag };

struct Resolved {
    const Setting* setting = nullptr;
    std::string text;  ///< not masked
    Origin origin = Origin::fallback;
    std::string
        where;  ///< for people: "default", ".env:3", "the environment", "the command line", and the file of a secret
};

struct Loaded {
    Settings settings;
    std::vector<Resolved> values;  ///< one a setting, in the table's order
    std::vector<std::string> warnings;
};

/// Flag > environment > .env > what a command has chosen > default. An empty value counts as not set. A relative path is taken from the working
/// directory, "~/" is the home folder. invalid_input names the setting, its origin, its value (masked) and what is
/// allowed; not_available: a file that was named cannot be read.
Result<Loaded> load(const Sources& sources);

/// settings.env in the data folder: what commands have chosen, weaker than all that the user has set.
std::filesystem::path chosen_file(const Settings& settings);

/// Sets it there. Fails with not_available when that cannot be written.
Result<void> choose(const Settings& settings, const std::string& name, const std::string& value);

}  // namespace audio_ident::config
