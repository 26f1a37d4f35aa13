#include "ingest/rebuild_index.hpp"

#include <memory>

#include "ingest/commit/store_check.hpp"

namespace audio_ident::ingest {

PassReport rebuild_index(const IngestParts& parts, const PassRequest& request, IngestObserver& observer,
                         const std::stop_token& stop) {
    const Stores& stores = parts.stores;
    std::vector<index::TrackFingerprint> batch;
    std::size_t batch_peaks = 0;
    std::vector<catalog::Track> rows;  // of the batch, that become ready
    bool rebuilt = false;

    TrackPass<Analysis>::Stages stages;
    stages.find = [&]() -> Result<std::vector<TrackId>> {
        std::vector<TrackId> tracks;
        const auto add = [&](const TrackId& id) { tracks.push_back(id); };
        const auto differences = compare_stores(
            stores,
            [&](const catalog::FileRecord& row) {
                if (request.scope == PassScope::all) add(row.id);
            },
            Deadline::never(stop));
        if (!differences) return forward(differences);
        for (const auto& half : differences->unfinished) add(half.id);
        for (const auto& half : differences->unindexed) add(half.id);
        if (request.scope == PassScope::all) std::ranges::for_each(differences->finished, add);
        if (auto repaired = repair_stores(stores, *differences, parts.lock); !repaired) return forward(repaired);
        return tracks;
    };
    stages.make_reader = [&]() -> TrackPass<Analysis>::Read {
        const std::shared_ptr<Analyzer> analyzer = parts.make_analyzer();  // std::function wants to be copied
        return [analyzer](const std::filesystem::path& path, const Deadline& deadline) {
            return analyzer->analyse(path, deadline);
        };
    };
    stages.cost = [](const Analysis& analysis) {
        return analysis.fingerprint.peaks.size() * sizeof(fingerprint::Peak);
    };
    stages.add = [&](catalog::Track row, Analysis analysis) {
        if (stores.waveforms) stores.waveforms->put(row.file_hash_sha256, analysis.waveform);
        batch_peaks += analysis.fingerprint.peaks.size();
        batch.push_back({row.id, std::move(analysis.fingerprint)});
        if (row.state != catalog::TrackState::ready || !row.fingerprint_indexed) {
            row.state = catalog::TrackState::ready;
            row.fingerprint_indexed = true;
            rows.push_back(std::move(row));
        }
        return analysis.decoded.duration_seconds;
    };
    stages.batch_is_full = [&] { return batch_peaks >= request.batch.max_peaks; };
    stages.store = [&] {
        auto done = stores.fingerprints.add(batch, stores.deadline());
        if (done) done = stores.catalog.put(rows, stores.deadline());
        rebuilt = rebuilt || done;
        batch.clear();
        batch_peaks = 0;
        rows.clear();
        return done;
    };
    stages.finish = [&] { return rebuilt ? stores.fingerprints.compact(Deadline::never(stop)) : Result<void>(); };
    return TrackPass<Analysis>(stores, request, std::move(stages), observer, stop)();
}

}  // namespace audio_ident::ingest
