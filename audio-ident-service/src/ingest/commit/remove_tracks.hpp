#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "catalog/catalog.hpp"
#include "core/result.hpp"
#include "index/fingerprint/both_lanes.hpp"
#include "index/fingerprint/writer.hpp"
#include "index/vector/writer.hpp"
#include "ingest/commit/waveform_store.hpp"
#include "util/file_lock.hpp"

namespace audio_ident::ingest {

/// The stores a track has its parts in. Nothing here owns them.
struct Stores {
    catalog::Catalog& catalog;
    index::FingerprintIndexWriter& fingerprints;
    std::chrono::seconds timeout{60};             ///< for each call
    std::optional<WaveformStore> waveforms = {};  ///< none: they are made when they are asked for
    /// For tracks that get vectors; none: the exact lane alone. Both are of one space.
    index::BothLanesWriter* lanes = nullptr;
    index::VectorIndexWriter* vectors = nullptr;
    /// Takes tracks out of a vector store that knows nothing of the fingerprint index, whatever their model; none: their
    /// vectors go with their fingerprints.
    std::function<Result<void>(std::span<const TrackId>, const Deadline&)> forget_vectors = {};

    Deadline deadline() const { return Deadline::after(timeout); }
};

/// Removes tracks from every store; their files are not touched. Returns how many of the ids were tracks.
///
/// A track's catalog row goes first: that is the instant at which the track is gone, for nothing is shown or found without
/// its row. Its index entry goes next; a crash in between leaves an entry that no search shows and that the next ingest
/// sweeps away. (The other way round would leave a row that claims to be searchable.) Its waveform goes last. Vectors in a
/// store of their own go before all: a track without is whole, and one that is gone could not be asked for them again.
/// The caller holds the data folder's lock: a running ingest must not lose a row it is about to complete.
Result<std::size_t> remove_tracks(const Stores& stores, std::span<const TrackId> ids, const util::FileLock& lock);

}  // namespace audio_ident::ingest
