#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::config {

struct EnvEntry {
    std::string name;
    std::string value;
    int line = 0;
};

/// Parses the text of a .env file. Each line is blank, a comment (#…) or one of
///
///     [export ]NAME=value           up to " #" or the end of the line, trimmed
///     [export ]NAME='value'         taken literally
///     [export ]NAME="value"         with \n \t \" \\ \$
///
/// Variables are not expanded. A name that occurs twice yields two entries, in file order. Fails with invalid_input on
/// any other line; the message gives `label`, the line number and the cause, but never the value.
Result<std::vector<EnvEntry>> parse_env_file(std::string_view text, std::string_view label);

}  // namespace audio_ident::config
