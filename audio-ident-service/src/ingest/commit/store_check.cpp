#include "ingest/commit/store_check.hpp"

#include <algorithm>

namespace audio_ident::ingest {

namespace {

/// Changes the state of rows; some or all may be gone.
Result<void> set_state(const Stores& stores, std::span<const TrackId> ids, catalog::TrackState state) {
    constexpr std::size_t kBatch = 256;  // rows in a transaction
    for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
        const auto batch = ids.subspan(begin, std::min(kBatch, ids.size() - begin));
        auto rows = stores.catalog.find_many(batch, stores.deadline());
        if (!rows) return forward(rows);
        for (catalog::Track& row : *rows) {
            row.state = state;
            row.fingerprint_indexed = state == catalog::TrackState::ready;
        }
        if (auto put = stores.catalog.put(*rows, stores.deadline()); !put) return put;
    }
    return {};
}

}  // namespace

Result<StoreDifferences> compare_stores(const Stores& stores,
                                        const std::function<void(const catalog::FileRecord&)>& visit,
                                        const Deadline& deadline) {
    auto indexed = stores.fingerprints.tracks(deadline);
    if (!indexed) return forward(indexed);
    std::sort(indexed->begin(), indexed->end());
    std::vector<bool> has_row(indexed->size());

    StoreDifferences differences;
    const auto done = stores.catalog.for_each_file(
        [&](const catalog::FileRecord& record) {
            const auto found = std::lower_bound(indexed->begin(), indexed->end(), record.id);
            const bool in_index = found != indexed->end() && *found == record.id;
            if (in_index) has_row[static_cast<std::size_t>(found - indexed->begin())] = true;
            const bool ready = record.state == catalog::TrackState::ready;
            if (ready && in_index) visit(record);
            else if (ready) differences.unindexed.push_back({record.id, record.file_path});
            else if (in_index) differences.finished.push_back(record.id);
            else differences.unfinished.push_back({record.id, record.file_path});
        },
        deadline);
    if (!done) return forward(done);
    for (std::size_t i = 0; i < indexed->size(); ++i) {
        if (!has_row[i]) differences.orphans.push_back((*indexed)[i]);
    }
    return differences;
}

Result<void> repair_stores(const Stores& stores, const StoreDifferences& differences, const ChangeLock& lock) {
    if (auto held = lock.check(stores.deadline()); !held) return held;
    auto done = set_state(stores, differences.finished, catalog::TrackState::ready);
    if (!done) return done;
    std::vector<TrackId> unindexed;
    for (const StoreDifferences::Half& half : differences.unindexed) unindexed.push_back(half.id);
    done = set_state(stores, unindexed, catalog::TrackState::pending);
    if (!done) return done;
    const auto removed = remove_tracks(stores, differences.orphans, lock);
    if (!removed) return forward(removed);
    return {};
}

}  // namespace audio_ident::ingest
