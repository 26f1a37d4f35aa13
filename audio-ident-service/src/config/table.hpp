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

/// A validated value: its text, and the parsed form that its type needs.
struct Value {
    std::string text;
    std::int64_t number = 0;         ///< integer: the number; choice: the index of the choice
    std::vector<std::string> items;  ///< list: its elements
};

/// One row of the table of settings. Parsing, validation, `audio-ident config` and .env.example all derive from it.
struct Setting {
    std::string_view name;   ///< name of the environment variable
    std::string_view group;  ///< heading in `audio-ident config` and .env.example
    Type type = Type::text;
    std::string_view fallback;  ///< default value; "{data}" stands for AUDIO_IDENT_DATA_DIR; empty: not set
    std::string_view help;      ///< one line of at most 118 characters for .env.example and --help
    void (*apply)(Settings&, const Value&) = nullptr;

    std::vector<std::string_view> choices = {};  ///< choice: the allowed values; URL: the allowed schemes
    std::int64_t low = 0;                        ///< integer: smallest allowed value; `high` is the largest
    std::int64_t high = 0;
    Secrecy secrecy = Secrecy::open;  ///< a secret may also be read from the file named in NAME_FILE
    std::string_view flag = {};       ///< command-line flag without dashes; empty: set it with --set
    std::string_view alias = {};      ///< older name, still accepted with a warning
    bool several = false;             ///< URL: or more than one, separated by commas
};

/// All settings in groups, AUDIO_IDENT_DATA_DIR first.
std::span<const Setting> all_settings();

/// Finds a setting by name or alias; nullptr when there is none.
const Setting* find_setting(std::string_view name);

/// Describes the allowed values for messages: "one of text, json", "a number from 1 to 65535".
std::string allowed(const Setting& setting);

/// Parses `text` as a value of this setting. Fails with invalid_input; the message only states the allowed values, and
/// the caller adds the name, source and value.
Result<Value> parse(const Setting& setting, std::string_view text);

/// `text` as it may be shown to people: a secret becomes "***", and passwords in URLs are hidden.
std::string masked(const Setting& setting, std::string_view text);

}  // namespace audio_ident::config
