#pragma once

#include <string>
#include <utility>
#include <vector>

namespace audio_ident::app {

/// The audio formats that matter, and whether this build decodes them.
std::vector<std::pair<std::string, bool>> audio_formats();

}  // namespace audio_ident::app
