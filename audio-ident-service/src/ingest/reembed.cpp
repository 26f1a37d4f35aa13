#include "ingest/reembed.hpp"

#include <algorithm>
#include <unordered_set>

#include "ingest/track_pass.hpp"

namespace audio_ident::ingest {

namespace {

class Reembedding final : public TrackPass<TrackEmbedding> {
  public:
    Reembedding(const ReembedParts& parts, const PassRequest& request, IngestObserver& observer, std::stop_token stop)
        : TrackPass(parts.stores, request, observer, std::move(stop)), parts_(parts) {}

  private:
    struct EmbeddingReader final : Reader {
        explicit EmbeddingReader(const ReembedParts& p) : parts(p) {}
        Result<TrackEmbedding> read(const PassTrack& track, const Deadline& deadline) override {
            return parts.embed(track.path, track.row.audio_stream, deadline);
        }
        const ReembedParts& parts;
    };

    Result<std::vector<TrackId>> find() override {
        const auto ids = stores().vectors->tracks(until_stopped());
        if (!ids) return forward(ids);
        std::unordered_set<TrackId> present(ids->begin(), ids->end());
        std::vector<TrackId> tracks;
        std::vector<TrackId> embedded;
        const auto listed = stores().catalog.for_each_file(
            [&](const catalog::FileRecord& row) {
                const bool there = present.erase(row.id) > 0;
                if (row.state != catalog::TrackState::ready) return;
                if (!there || request().scope == PassScope::all) tracks.push_back(row.id);
                else embedded.push_back(row.id);
            },
            until_stopped());
        if (!listed) return forward(listed);
        if (auto added = add_unnamed(embedded, tracks); !added) return forward(added);
        const std::vector<TrackId> orphans(present.begin(), present.end());
        if (auto removed = stores().vectors->remove(orphans, stores().deadline()); !removed) return forward(removed);
        return tracks;
    }

    /// Adds those of the embedded tracks whose rows do not name the model.
    Result<void> add_unnamed(std::span<const TrackId> embedded, std::vector<TrackId>& tracks) {
        constexpr std::size_t kBatch = 256;  // rows at a time
        for (std::size_t begin = 0; begin < embedded.size(); begin += kBatch) {
            const auto batch = embedded.subspan(begin, std::min(kBatch, embedded.size() - begin));
            const auto rows = stores().catalog.find_many(batch, until_stopped());
            if (!rows) return forward(rows);
            for (const catalog::Track& row : *rows) {
                if (row.embedding_model != parts_.model) tracks.push_back(row.id);
            }
        }
        return {};
    }

    std::unique_ptr<Reader> make_reader() override { return std::make_unique<EmbeddingReader>(parts_); }

    std::size_t bytes_of(const TrackEmbedding& embedding) const override {
        return embedding.vectors.values.size() * sizeof(float);
    }

    double add(catalog::Track row, TrackEmbedding embedding) override {
        const double seconds = row.duration_seconds;
        if (!embedding.tags) embedding.tags = row.tags;  // the tags that another model gave still hold
        set_embedding(row, &embedding);
        vectors_.push_back(std::move(embedding.vectors));
        vectors_.back().id = row.id;
        rows_.push_back(std::move(row));
        return seconds;
    }

    // Vectors first: a row never names a model whose vectors are not there.
    Result<void> store() override {
        auto done = parts_.lock.check(stores().deadline());
        if (done) done = stores().vectors->add(vectors_, stores().deadline());
        if (done) done = stores().catalog.put(rows_, stores().deadline());
        vectors_.clear();
        rows_.clear();
        return done;
    }

    const ReembedParts& parts_;
    std::vector<catalog::Track> rows_;  ///< of the batch
    std::vector<index::TrackVectors> vectors_;
};

}  // namespace

PassReport reembed(const ReembedParts& parts, const PassRequest& request, IngestObserver& observer,
                   const std::stop_token& stop) {
    return Reembedding(parts, request, observer, stop).run();
}

}  // namespace audio_ident::ingest
