#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace audio_ident::api {

/// By the extension; "application/octet-stream" when it is unknown.
std::string media_type_of(const std::filesystem::path& file);
/// All that media_type_of() returns; the unknown one is the first.
std::vector<std::string> media_types();

}  // namespace audio_ident::api
