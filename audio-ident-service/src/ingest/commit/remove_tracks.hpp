#pragma once

#include <cstddef>
#include <span>

#include "core/result.hpp"
#include "ingest/commit/change_lock.hpp"
#include "ingest/commit/stores.hpp"

namespace audio_ident::ingest {

/// Removes tracks from every store, and leaves their files alone. Returns how many of the ids were tracks.
///
/// 1. The vectors, if they are in a separate store. A track without vectors is complete, but once a track is gone,
///    nothing would lead to its vectors.
/// 2. The catalog row. The track is gone then, because searches show nothing without a row.
/// 3. The index entry. After a crash before this step, the next ingest or start of the service removes the entry. (The
///    other order could leave a row that claims to be searchable.)
/// 4. The waveform.
///
/// The caller holds the library's lock: a running ingest must not lose a row that it is about to complete.
Result<std::size_t> remove_tracks(const Stores& stores, std::span<const TrackId> ids, const ChangeLock& lock);

}  // namespace audio_ident::ingest
