#include "config/render.hpp"

#include <algorithm>

namespace audio_ident::config {

std::string to_text(const Loaded& loaded) {
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    for (const auto& value : loaded.values) {
        name_width = std::max(name_width, value.setting->name.size());
        value_width = std::max(value_width, masked(*value.setting, value.text).size());
    }
    std::string text;
    std::string_view group;
    for (const auto& value : loaded.values) {
        if (value.setting->group != group) {
            group = value.setting->group;
            text += fmt::format("{}# {}\n", text.empty() ? "" : "\n", group);
        }
        text += fmt::format("{:<{}} = {:<{}}  ({})\n", value.setting->name, name_width,
                            masked(*value.setting, value.text), std::min<std::size_t>(value_width, 48), value.where);
    }
    return text;
}

std::string env_example() {
    std::string text =
        "# Settings of audio-ident. Copy this file to .env in the folder where you start the program, and remove the "
        "#\n"
        "# from each setting that you change. Flags override environment variables, environment variables override\n"
        "# .env, and .env overrides the defaults shown here.\n"
        "# To keep a secret in a file of its own, write NAME_FILE=/path instead of NAME=value.\n"
        "# `audio-ident config --example` generates this file; a test checks that it is up to date.\n";
    std::string_view group;
    for (const Setting& setting : all_settings()) {
        if (setting.group != group) {
            group = setting.group;
            text += fmt::format("\n# ---- {} ----\n", group);
        }
        std::string fallback(setting.fallback);
        if (fallback.find("{user data}") != std::string::npos) fallback = "~/.local/share/audio-ident";
        if (const auto at = fallback.find("{data}"); at != std::string::npos) {
            fallback.replace(at, 6, "~/.local/share/audio-ident");
        }
        text += fmt::format("\n# {}\n# Value: {}.", setting.help, allowed(setting));
        if (setting.secrecy == Secrecy::secret) text += " Secret.";
        if (!setting.flag.empty()) text += fmt::format(" Flag: --{}.", setting.flag);
        text += fmt::format("\n#{}={}\n", setting.name, fallback);
    }
    return text;
}

}  // namespace audio_ident::config
