#include "ingest/rebuild_index.hpp"

#include <algorithm>

#include "ingest/analysis_reader.hpp"
#include "ingest/commit/store_check.hpp"

namespace audio_ident::ingest {

namespace {

class Rebuild final : public TrackPass<Analysis> {
  public:
    Rebuild(const IngestParts& parts, const PassRequest& request, IngestObserver& observer, std::stop_token stop)
        : TrackPass(parts.stores, request, observer, std::move(stop)), parts_(parts) {}

  private:
    Result<std::vector<TrackId>> find() override {
        std::vector<TrackId> tracks;
        const auto add_id = [&](const TrackId& id) { tracks.push_back(id); };
        const auto differences = compare_stores(
            stores(),
            [&](const catalog::FileRecord& row) {
                if (request().scope == PassScope::all) add_id(row.id);
            },
            until_stopped());
        if (!differences) return forward(differences);
        if (request().scope == PassScope::missing) {
            const auto outdated = stores().fingerprints.outdated(until_stopped());
            if (!outdated) return forward(outdated);
            // Orphans are removed below.
            for (const TrackId& id : *outdated) {
                if (std::ranges::find(differences->orphans, id) == differences->orphans.end()) add_id(id);
            }
        }
        for (const auto& half : differences->unfinished) add_id(half.id);
        for (const auto& half : differences->unindexed) add_id(half.id);
        if (request().scope == PassScope::all) std::ranges::for_each(differences->finished, add_id);
        if (auto repaired = repair_stores(stores(), *differences, parts_.lock); !repaired) return forward(repaired);
        return tracks;
    }

    std::unique_ptr<Reader> make_reader() override { return std::make_unique<AnalysisReader>(parts_.make_analyzer()); }

    std::size_t bytes_of(const Analysis& analysis) const override {
        return analysis.fingerprint.peaks.size() * sizeof(fingerprint::Peak);
    }

    double add(catalog::Track row, Analysis analysis) override {
        if (stores().waveforms) stores().waveforms->put(row.file_hash_sha256, analysis.waveform);
        batch_peaks_ += analysis.fingerprint.peaks.size();
        batch_.push_back({row.id, std::move(analysis.fingerprint)});
        if (row.state != catalog::TrackState::ready || !row.fingerprint_indexed) {
            row.state = catalog::TrackState::ready;
            row.fingerprint_indexed = true;
            rows_.push_back(std::move(row));
        }
        return analysis.decoded.duration_seconds;
    }

    bool batch_is_full() const override { return batch_peaks_ >= request().batch.max_peaks; }

    Result<void> store() override {
        auto done = parts_.lock.check(stores().deadline());
        if (done) done = stores().fingerprints.add(batch_, stores().deadline());
        if (done) done = stores().catalog.put(rows_, stores().deadline());
        rebuilt_ = rebuilt_ || done;
        batch_.clear();
        batch_peaks_ = 0;
        rows_.clear();
        return done;
    }

    Result<void> finish() override {
        return rebuilt_ ? stores().fingerprints.compact(until_stopped()) : Result<void>();
    }

    const IngestParts& parts_;
    std::vector<index::TrackFingerprint> batch_;
    std::size_t batch_peaks_ = 0;
    std::vector<catalog::Track> rows_;  ///< of the batch, that become ready
    bool rebuilt_ = false;
};

}  // namespace

PassReport rebuild_index(const IngestParts& parts, const PassRequest& request, IngestObserver& observer,
                         const std::stop_token& stop) {
    return Rebuild(parts, request, observer, stop).run();
}

}  // namespace audio_ident::ingest
