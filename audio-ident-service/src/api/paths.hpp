#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace audio_ident::api {

/// Whether `path` is `folder` or lies inside it. Compares names only; the caller resolves links.
bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder);

/// A safe file name from a client's name for its file: the last piece of the path, as UTF-8, without control characters
/// and leading dots, at most 200 bytes; never empty.
std::string safe_file_name(std::string_view name);

}  // namespace audio_ident::api
