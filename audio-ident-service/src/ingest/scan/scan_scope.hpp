#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "ingest/scan/name_list.hpp"
#include "ingest/scan/scanner.hpp"

namespace audio_ident::ingest {

/// The files of an ingest, which scans them twice: once to count them, once to read them.
struct ScanScope {
    std::vector<std::filesystem::path> paths;        ///< that somebody named
    std::optional<std::filesystem::path> from_file;  ///< a list of names, see NameList
    std::vector<std::filesystem::path> leftovers;  ///< files that a killed ingest left half-done; scanned if they exist
    ScanOptions options;

    /// Absent when there is no list. Fails with not_available.
    Result<std::optional<NameList>> open_list() const;
    /// Gives everything to the scanner, always in the same order. `list` is the open list, or null. Fails when the list
    /// cannot be read.
    Result<void> scan(Scanner& scanner, NameList* list) const;
};

}  // namespace audio_ident::ingest
