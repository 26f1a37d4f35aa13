#pragma once

#include <filesystem>

namespace audio_ident::lmdb {

/// Whether LMDB may map this data file: LMDB trusts the sizes that the file states, and a page that is not there ends
/// the process with SIGBUS. False when the file is shorter than its pages in use, or states an impossible page size.
/// True for all that LMDB itself refuses or makes anew: a missing or empty file, one of another kind. Cheap: reads two
/// pages, and the list of free pages only when pages are missing at the end (LMDB never writes a page that a
/// transaction took and gave back). Throws std::system_error when the file cannot be read.
bool data_file_is_whole(const std::filesystem::path& file);

}  // namespace audio_ident::lmdb
