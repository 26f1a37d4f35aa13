#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "core/result.hpp"

namespace audio_ident::config {

enum class Type { text, integer, choice, path, url, list };
enum class Secrecy { open, secret };

/// A checked value: `text` as it would be written, and what its type makes of it.
struct Value {
    std::string text;
    std::int64_t number = 0;         ///< of an integer; of a choice its place among the choices
    std::vector<std::string> items;  ///< of a list
};

/// One row of the table of settings. Reading, checking, `audio-ident config` and .env.example all follow from it.
struct Setting {
    std::string_view name;   ///< of the environment variable
    std::string_view group;  ///< heading in `config` and .env.example
    Type type = Type::text;
    std::string_view fallback;  ///< the default; "{data}" stands for AUDIO_IDENT_DATA_DIR, empty: not set
    std::string_view help;      ///< one or two lines for .env.example and --help
    void (*apply)(Settings&, const Value&) = nullptr;

    std::vector<std::string_view> choices = {};  ///< of a choice; of a URL the schemes
    std::int64_t low = 0;                        ///< of an integer
    std::int64_t high = 0;
    Secrecy secrecy = Secrecy::open;  ///< a secret may also come from the file that NAME_FILE names
    std::string_view flag = {};       ///< of the command line, without dashes; empty: only through --set
    std::string_view alias = {};      ///< an older name, accepted with a warning
};

/// All settings, AUDIO_IDENT_DATA_DIR first, grouped.
std::span<const Setting> all_settings();

/// nullptr when nothing has this name or alias.
const Setting* find_setting(std::string_view name);

/// "one of text, json", "a number from 1 to 65535", …
std::string allowed(const Setting& setting);

/// The value that `text` stands for; invalid_input says what is allowed (the caller adds name, origin and value).
Result<Value> parse(const Setting& setting, std::string_view text);

/// `text` as it may be shown: "***" for a secret, passwords in URLs hidden.
std::string masked(const Setting& setting, std::string_view text);

}  // namespace audio_ident::config
