#pragma once

#include <filesystem>

#include "catalog/track.hpp"
#include "core/deadline.hpp"
#include "storage/audio_store.hpp"

namespace audio_ident::ingest {

// `audio`: where uploads are; null: all files are where the catalog says.

/// Whether the file at the row's path still holds the row's bytes. Reads the file only when its time of modification
/// differs, and of an upload that is at a server only whether it is there. True when nobody can tell (no permission, no
/// answer).
bool still_holds(const catalog::Track& row, storage::AudioStore* audio, const Deadline& deadline);

/// Whether there is certainly no file at the row's path.
bool file_is_gone(const catalog::Track& row, storage::AudioStore* audio, const Deadline& deadline);
/// The same of a path.
bool file_is_gone(const std::filesystem::path& path, storage::AudioStore* audio, const Deadline& deadline);

}  // namespace audio_ident::ingest
