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

/// The places that settings are read from, strongest first. of_process() reads this process; tests supply their own.
struct Sources {
    std::vector<std::pair<std::string, std::string>> flags;  ///< (setting name, value) pairs
    std::function<std::optional<std::string>(const std::string& name)> environment;
    std::optional<std::filesystem::path>
        env_file;  ///< must exist when set; absent: ".env" in the working directory, if any

    static Sources of_process();
};

enum class Origin { fallback, chosen, env_file, environment, flag };

struct Resolved {
    const Setting* setting = nullptr;
    std::string text;  ///< the value as written, secrets included
    Origin origin = Origin::fallback;
    /// The source for messages: "default", ".env:3", "the environment", "the command line". For a secret from a file,
    /// also the path of that file.
    std::string where;
};

struct Loaded {
    Settings settings;
    std::vector<Resolved> values;  ///< one per setting, in the table's order
    std::vector<std::string> warnings;
};

/// Resolves every setting. Precedence: flag > environment > .env > settings.env in the data folder > default. An empty
/// value counts as not set. Relative paths start at the working directory; "~/" is the home folder.
/// Fails with invalid_input when a value is not allowed; the message names the setting, its source, its value (secrets
/// masked) and the allowed values. Fails with not_available when a named file cannot be read.
Result<Loaded> load(const Sources& sources);

/// The path of settings.env in the data folder. Commands such as `model use` write it. Everything the user sets
/// overrides it.
std::filesystem::path chosen_file(const Settings& settings);

/// Stores `name`=`value` in settings.env. Fails with not_available when the file cannot be written.
Result<void> choose(const Settings& settings, const std::string& name, const std::string& value);

}  // namespace audio_ident::config
