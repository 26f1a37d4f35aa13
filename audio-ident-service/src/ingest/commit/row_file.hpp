#pragma once

#include "catalog/track.hpp"
#include "core/deadline.hpp"

namespace audio_ident::ingest {

/// Whether the file at the row's path still holds the row's bytes. Reads the file only when its time of modification
/// differs. True when nobody can tell (no permission).
bool still_holds(const catalog::Track& row, const Deadline& deadline);

/// Whether there is certainly no file at the row's path.
bool file_is_gone(const catalog::Track& row);

}  // namespace audio_ident::ingest
