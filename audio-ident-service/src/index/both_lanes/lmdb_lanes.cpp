#include "index/both_lanes/lmdb_lanes.hpp"

#include "index/lmdb/lmdb_maps.hpp"
#include "index/vector/check_vectors.hpp"

namespace audio_ident::index {

namespace {

/// The fingerprints and the vectors of a library are in one LMDB environment.
const lmdb::Transaction& transaction_of(const MapTransaction& maps) {
    return dynamic_cast<const LmdbMaps&>(maps).transaction();
}

}  // namespace

Result<std::size_t> LmdbRemovingWriter::remove(std::span<const TrackId> ids, const Deadline& deadline) {
    return fingerprints_.remove_with(
        ids,
        [&](const MapTransaction& maps) -> Result<Outcome> {
            const lmdb::Transaction& transaction = transaction_of(maps);
            bool changed = false;
            for (const TrackId& id : ids)
                changed = (vectors_ && vectors_->erase_everywhere(transaction, id)) || changed;
            return changed ? Outcome::changed : Outcome::unchanged;
        },
        deadline);
}

Result<Stored> LmdbBothLanesWriter::add(std::span<const TrackFingerprint> fingerprints,
                                        std::span<const TrackVectors> vectors, const Deadline& deadline) {
    if (auto right = check_vectors(space(), vectors); !right) return forward(right);
    const auto added = fingerprints_.add_with(
        fingerprints,
        [&](const MapTransaction& maps) -> Result<Outcome> {
            const lmdb::Transaction& transaction = transaction_of(maps);
            for (const TrackFingerprint& track : fingerprints) tables_->erase_everywhere(transaction, track.id);
            if (auto put = vectors_->put(transaction, vectors); !put) return forward(put);
            return Outcome::changed;
        },
        deadline);
    if (!added) return forward(added);
    return Stored::both;
}

}  // namespace audio_ident::index
