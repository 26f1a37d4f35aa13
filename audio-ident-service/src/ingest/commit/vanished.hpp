#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "ingest/scan/scanner.hpp"
#include "storage/audio_store.hpp"

namespace audio_ident::ingest {

struct VanishedTrack {
    TrackId id;
    std::string file_path;
};

struct VanishedFindings {
    std::vector<VanishedTrack> tracks;        ///< their files are gone
    std::vector<TrackId> displaced;           ///< the file at their path now has the bytes of another track
    std::vector<std::filesystem::path> away;  ///< folders that hold nothing at all, though there are tracks below them
};

/// Looks for the files of all tracks below the scanned folders. A track does not count as vanished when its folder
/// could not be read or holds nothing at all (its disk is not mounted), or when nobody can tell whether its file is
/// there. `audio`: see row_file.hpp.
Result<VanishedFindings> find_vanished(catalog::Catalog& catalog, std::span<const ScannedFolder> folders,
                                       storage::AudioStore* audio, const Deadline& deadline);

}  // namespace audio_ident::ingest
