#pragma once

#include <string>

#include "catalog/track.hpp"
#include "ingest/examine/analyzer.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// The pending catalog row of an analysed file. Without a title tag, the file's name is
/// read as audio::tags_from_file_name() says.
catalog::Track make_track_row(const TrackId& id, const FileEntry& file, const std::string& sha256,
                              const Analysis& analysis);

}  // namespace audio_ident::ingest
