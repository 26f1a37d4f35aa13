#include "ingest/renew_fingerprints.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "ingest/analysis_reader.hpp"

namespace audio_ident::ingest {

namespace {

constexpr auto kStep = std::chrono::seconds(1);  // of the compaction, while others wait

class Renewal final : public TrackPass<Analysis> {
  public:
    Renewal(const RenewParts& parts, const PassRequest& request, IngestObserver& observer, std::stop_token stop)
        : TrackPass(parts.stores, request, observer, std::move(stop)), parts_(parts) {}

  private:
    Result<std::vector<TrackId>> find() override { return stores().fingerprints.outdated(until_stopped()); }

    std::unique_ptr<Reader> make_reader() override { return std::make_unique<AnalysisReader>(parts_.make_analyzer()); }

    std::size_t bytes_of(const Analysis& analysis) const override {
        return analysis.fingerprint.peaks.size() * sizeof(fingerprint::Peak);
    }

    double add(catalog::Track row, Analysis analysis) override {
        batch_peaks_ += analysis.fingerprint.peaks.size();
        ids_.push_back(row.id);
        hashes_.emplace(row.id, std::move(row.file_hash_sha256));
        batch_.push_back({row.id, std::move(analysis.fingerprint)});
        return analysis.decoded.duration_seconds;
    }

    bool batch_is_full() const override { return batch_peaks_ >= request().batch.max_peaks; }

    Result<void> store() override {
        auto done = store_unchanged();
        batch_.clear();
        batch_peaks_ = 0;
        ids_.clear();
        hashes_.clear();
        return done;
    }

    Result<void> store_unchanged() {
        const auto lock = parts_.lock();
        if (!lock) return forward(lock);
        const auto rows = stores().catalog.find_many(ids_, stores().deadline());
        if (!rows) return forward(rows);
        std::erase_if(batch_, [&](const index::TrackFingerprint& track) {
            return std::ranges::none_of(*rows, [&](const catalog::Track& row) {
                return row.id == track.id && row.state == catalog::TrackState::ready &&
                       row.file_hash_sha256 == hashes_.at(track.id);
            });
        });
        if (batch_.empty()) return {};
        renewed_ = true;
        return stores().fingerprints.add(batch_, stores().deadline());
    }

    // The fingerprints of before leave the index only now.
    Result<void> finish() override {
        while (renewed_) {
            const auto lock = parts_.lock();
            if (!lock) return forward(lock);
            auto done = stores().fingerprints.compact(Deadline::after(kStep));
            if (done || done.error().kind != ErrorKind::timeout) return done;
            if (until_stopped().expired()) return {};
        }
        return {};
    }

    const RenewParts& parts_;
    std::vector<index::TrackFingerprint> batch_;
    std::size_t batch_peaks_ = 0;
    std::vector<TrackId> ids_;                         ///< of the batch
    std::unordered_map<TrackId, std::string> hashes_;  ///< of the files that were read
    bool renewed_ = false;
};

}  // namespace

PassReport renew_fingerprints(const RenewParts& parts, const PassRequest& request, IngestObserver& observer,
                              const std::stop_token& stop) {
    return Renewal(parts, request, observer, stop).run();
}

}  // namespace audio_ident::ingest
