#pragma once

#include <cstddef>
#include <span>

#include "core/result.hpp"
#include "ingest/commit/stores.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::ingest {

/// Removes tracks from every store; their files are not touched. Returns how many of the ids were tracks.
///
/// Vectors in a store of their own go first: a track without vectors is whole, and a track that is gone could not be
/// asked for them again. The catalog row goes next: from then on the track is gone, for no search shows anything
/// without a row. The index entry goes next; a crash in between leaves an entry that the next ingest removes. (The
/// other way round would leave a row that claims to be searchable.) The waveform goes last. The caller holds the data
/// folder's lock: a running ingest must not lose a row that it is about to complete.
Result<std::size_t> remove_tracks(const Stores& stores, std::span<const TrackId> ids, const util::FileLock& lock);

}  // namespace audio_ident::ingest
