#pragma once

#include <string>
#include <utility>
#include <vector>

namespace audio_ident::app {

/// The libraries that matter for results and stored data, as they are at run time.
std::vector<std::pair<std::string, std::string>> component_versions();

}  // namespace audio_ident::app
