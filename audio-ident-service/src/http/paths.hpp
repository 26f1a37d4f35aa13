#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace audio_ident::http {

/// Whether `path` is `folder` or something in it, by name: links are the caller's to resolve.
bool lies_below(const std::filesystem::path& path, const std::filesystem::path& folder);

/// A file name made of what a client calls its file: the last piece, as UTF-8, without control characters and leading
/// dots, at most 200 bytes; never empty.
std::string safe_file_name(std::string_view name);

}  // namespace audio_ident::http
