#pragma once

#include <string>
#include <vector>

#include "catalog/track.hpp"
#include "ingest/report.hpp"

namespace audio_ident::ingest {

/// What was found wrong with a track's file: "ends after 21.6 of 45.8 s, 14 frames damaged"; empty: nothing.
std::string damage_text(const catalog::Track& track);

/// What a person should know of the file of a track that was just stored.
std::vector<FileNote> notes_on(const catalog::Track& track);

}  // namespace audio_ident::ingest
