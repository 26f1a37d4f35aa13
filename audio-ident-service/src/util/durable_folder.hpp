#pragma once

#include <filesystem>
#include <system_error>

#include "core/result.hpp"

namespace audio_ident::util {

/// Names in folders that survive a power cut. A file system may write a file to the disk but not its name, or not the
/// folder that the name stands in.

/// Synchronises the names in a folder. Returns 0 or the error number. Some network file systems cannot do that: their
/// names are as durable as they can be, so this is no failure.
int synchronise_folder(const std::filesystem::path& folder);

/// Makes a folder, and those above it that are missing.
std::error_code make_folder_durably(const std::filesystem::path& folder);
/// The same. Fails with not_available.
Result<void> make_durable_folder(const std::filesystem::path& folder);

/// Makes a folder that only its owner may open, and those above it that are missing, as make_folder_durably() does. A
/// folder that is there keeps its permissions: somebody chose them.
std::error_code make_private_folder(const std::filesystem::path& folder);

/// Removes a file for good; an absent one is fine. Fails with not_available.
Result<void> remove_durably(const std::filesystem::path& file);

}  // namespace audio_ident::util
