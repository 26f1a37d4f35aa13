#pragma once

#include <filesystem>

#include "util/descriptor.hpp"

namespace audio_ident::lmdb {

/// Whether LMDB can safely map this data file. LMDB trusts the sizes in the file, and an access to a missing page ends
/// the process with SIGBUS.
/// Returns false when the file is shorter than its used pages or states an impossible page size. Returns true when LMDB
/// itself detects the problem or creates the file: a missing, empty or foreign file. Cheap: reads two pages, and the
/// list of free pages only when pages are missing at the end (LMDB never writes a page that a transaction allocated and
/// freed again). Throws std::system_error when the file cannot be read.
bool data_file_is_whole(const std::filesystem::path& file);

/// Whether nothing can be in this data file: it is missing or empty, or whoever made it died meanwhile. LMDB begins a
/// file with two pages, which it writes at once, and opens no file that has one of them. Returns false when the file
/// cannot be read.
bool data_file_is_unused(const std::filesystem::path& file);

/// Empties a data file of which only the first page is there, so that LMDB makes it again. Keeps it locked until the
/// end of the block in which LMDB does that: of several processes, one empties it.
class RemadeDataFile {
  public:
    explicit RemadeDataFile(const std::filesystem::path& file);

  private:
    util::Descriptor locked_;
};

}  // namespace audio_ident::lmdb
