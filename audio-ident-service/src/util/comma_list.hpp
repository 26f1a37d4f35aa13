#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace audio_ident::util {

/// The texts between the commas, without white space around them; empty ones are left out.
std::vector<std::string> comma_list(std::string_view text);

}  // namespace audio_ident::util
