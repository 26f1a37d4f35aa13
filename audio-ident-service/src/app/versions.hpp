#pragma once

#include <string>
#include <utility>
#include <vector>

namespace audio_ident::app {

/// The run-time versions of the libraries that matter for results and stored data.
std::vector<std::pair<std::string, std::string>> component_versions();

}  // namespace audio_ident::app
