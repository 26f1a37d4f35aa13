#pragma once

#include <string>

#include "catalog/track.hpp"
#include "ingest/examine/analyzer.hpp"
#include "ingest/scan/file_status.hpp"

namespace audio_ident::ingest {

/// Makes the pending catalog row of an analysed file. Without a title tag, uses the file's name, see
/// audio::tags_from_file_name().
catalog::Track make_track_row(const TrackId& id, const FileEntry& file, const std::string& sha256,
                              const Analysis& analysis);

}  // namespace audio_ident::ingest
