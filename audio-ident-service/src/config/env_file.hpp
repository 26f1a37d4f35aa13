#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::config {

struct EnvEntry {
    std::string name;
    std::string value;
    int line = 0;  ///< from 1
};

/// Reads the text of a .env file. A line is blank, a comment (#…) or
///
///     [export ]NAME=value           up to the end of the line or " #", trimmed
///     [export ]NAME='value'         as it stands
///     [export ]NAME="value"         with \n \t \" \\ \$
///
/// Nothing is expanded. Of a name that occurs twice both entries are returned, in order.
/// invalid_input names the file (as `label` has it), the line and what is wrong with it, never the value.
Result<std::vector<EnvEntry>> parse_env_file(std::string_view text, std::string_view label);

}  // namespace audio_ident::config
