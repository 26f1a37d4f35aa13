#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace audio_ident::test {

using Bytes = std::vector<std::byte>;

/// Both throw std::runtime_error when the file cannot be read or written.
Bytes read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);
/// Whether the file system keeps extended attributes of a user's files.
bool keeps_attributes(const std::filesystem::path& file);

}  // namespace audio_ident::test
