#pragma once

#include <filesystem>

namespace audio_ident::util {

/// Temporary files that a killed program leaves behind; part of AtomicFile. A writer holds a lock on its file, which
/// ends with the process. So a process that can lock the file knows that nobody will finish it.

/// A name that nobody else uses: ".audio-ident-<UUID>.tmp" in this folder.
std::filesystem::path temporary_path(const std::filesystem::path& folder);

/// Locks a new file for as long as it is open. False when a clean-up removed it before it was locked.
bool claim(int descriptor);

/// Removes the temporary files in this folder whose writers are dead; does so once for each folder and process, because
/// it reads the whole folder. Thread-safe.
void remove_leftovers_once(const std::filesystem::path& folder);

}  // namespace audio_ident::util
