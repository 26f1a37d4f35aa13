#include "ingest/commit/remove_tracks.hpp"

#include <algorithm>

namespace audio_ident::ingest {

Result<std::size_t> remove_tracks(const Stores& stores, std::span<const TrackId> ids, const ChangeLock& lock) {
    constexpr std::size_t kBatch = 256;  // tracks an index transaction
    std::size_t removed = 0;
    for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
        const auto batch = ids.subspan(begin, std::min(kBatch, ids.size() - begin));
        if (auto held = lock.check(stores.deadline()); !held) return forward(held);
        if (stores.forget_vectors) {
            const auto forgotten = stores.forget_vectors(batch, stores.deadline());
            if (!forgotten) return forward(forgotten);
        }
        const auto rows = stores.catalog.find_many(batch, stores.deadline());
        if (!rows) return forward(rows);
        for (const TrackId& id : batch) {
            const auto row = stores.catalog.remove(id, stores.deadline());
            if (!row) return forward(row);
            if (*row) ++removed;
        }
        const auto entries = stores.fingerprints.remove(batch, stores.deadline());
        if (!entries) return forward(entries);
        if (!stores.waveforms) continue;
        for (const catalog::Track& row : *rows) stores.waveforms->remove(row.file_hash_sha256);
    }
    return removed;
}

}  // namespace audio_ident::ingest
