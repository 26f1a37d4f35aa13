#pragma once

#include <filesystem>

namespace audio_ident::lmdb {

/// Whether LMDB can safely map this data file. LMDB trusts the sizes in the file, and an access to a missing page ends
/// the process with SIGBUS.
/// Returns false when the file is shorter than its used pages or states an impossible page size. Returns true when LMDB
/// itself detects the problem or creates the file: a missing, empty or foreign file. Cheap: reads two pages, and the
/// list of free pages only when pages are missing at the end (LMDB never writes a page that a transaction allocated and
/// freed again). Throws std::system_error when the file cannot be read.
bool data_file_is_whole(const std::filesystem::path& file);

/// Whether nothing was ever committed to this data file: it is missing or empty, or whoever made it died meanwhile.
/// LMDB begins a file with two pages, writes both at once, and opens no file that has one of them. Nothing is lost with
/// a file like that. Returns false when the file cannot be read.
bool data_file_is_unused(const std::filesystem::path& file);

}  // namespace audio_ident::lmdb
