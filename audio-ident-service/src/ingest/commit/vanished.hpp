#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "ingest/scan/scanner.hpp"

namespace audio_ident::ingest {

struct VanishedTrack {
    TrackId id;
    std::string file_path;
};

struct VanishedFindings {
    std::vector<VanishedTrack> tracks;        ///< their files are gone
    std::vector<TrackId> displaced;           ///< their path belongs to another track now, whose bytes it holds
    std::vector<std::filesystem::path> away;  ///< folders that hold nothing at all, though tracks lie below them
};

/// Looks for the files of all tracks below the scanned folders. Tracks below a folder that could not be read, or in which
/// there is nothing at all (its disk is away), do not count as vanished, nor do files that cannot be looked up for another
/// reason than that they are not there.
Result<VanishedFindings> find_vanished(catalog::Catalog& catalog, std::span<const ScannedFolder> folders,
                                       const Deadline& deadline);

}  // namespace audio_ident::ingest
