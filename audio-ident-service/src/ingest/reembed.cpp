#include "ingest/reembed.hpp"

#include <unordered_set>

namespace audio_ident::ingest {

PassReport reembed(const ReembedParts& parts, const PassRequest& request, IngestObserver& observer,
                   const std::stop_token& stop) {
    const Stores& stores = parts.stores;
    std::vector<catalog::Track> rows;  // of the batch
    std::vector<index::TrackVectors> vectors;

    TrackPass<TrackEmbedding>::Stages stages;
    stages.find = [&]() -> Result<std::vector<TrackId>> {
        const auto ids = stores.vectors->tracks(Deadline::never(stop));
        if (!ids) return forward(ids);
        std::unordered_set<TrackId> present(ids->begin(), ids->end());
        std::vector<TrackId> tracks;
        const auto listed = stores.catalog.for_each_file(
            [&](const catalog::FileRecord& row) {
                const bool there = present.erase(row.id) > 0;
                if (row.state != catalog::TrackState::ready) return;
                if (!there || request.scope == PassScope::all) tracks.push_back(row.id);
            },
            Deadline::never(stop));
        if (!listed) return forward(listed);
        const std::vector<TrackId> orphans(present.begin(), present.end());
        if (auto removed = stores.vectors->remove(orphans, stores.deadline()); !removed) return forward(removed);
        return tracks;
    };
    stages.make_reader = [&] { return parts.embed; };
    stages.cost = [](const TrackEmbedding& embedding) { return embedding.vectors.values.size() * sizeof(float); };
    stages.add = [&](catalog::Track row, TrackEmbedding embedding) {
        const double seconds = row.duration_seconds;
        if (!embedding.tags) embedding.tags = row.tags;  // what another model has heard still holds
        set_embedding(row, &embedding);
        vectors.push_back(std::move(embedding.vectors));
        vectors.back().id = row.id;
        rows.push_back(std::move(row));
        return seconds;
    };
    stages.batch_is_full = [] { return false; };
    // Vectors first: a row never names a model whose vectors are not there.
    stages.store = [&] {
        auto done = stores.vectors->add(vectors, stores.deadline());
        if (done) done = stores.catalog.put(rows, stores.deadline());
        vectors.clear();
        rows.clear();
        return done;
    };
    stages.finish = [] { return Result<void>(); };
    return TrackPass<TrackEmbedding>(stores, request, std::move(stages), observer, stop)();
}

}  // namespace audio_ident::ingest
