#pragma once

#include "library/library.hpp"
#include "library/open_stores.hpp"
#include "library/stored_changes.hpp"
#include "library/stored_upkeep.hpp"

namespace audio_ident::library {

/// The Library over real stores.
class StoredLibrary : public Library {
  public:
    /// `backends` outlives it.
    StoredLibrary(Backends& backends, Settings settings)
        : stores_(backends, std::move(settings)), changes_(stores_), upkeep_(stores_, changes_) {}

    bool exists() const override { return stores_.library_exists(); }

    Result<Identification> identify(const audio::Source& clip, const IdentifyRequest& request) override;
    Result<SoundMatches> similar(const SimilarRequest& request) override;
    Result<SoundMatches> search_text(std::string_view words, const search::VibeOptions& options) override;
    Result<RecordingTimeline> timeline(const audio::Source& recording, const TimelineRequest& request,
                                       const TimelineObserver& observer) override;
    Result<StationMatches> stations(const audio::Source& clip, const IdentifyRequest& request) override;
    Result<std::unique_ptr<LiveAnswer>> listen(const ListenRequest& request) override;
    Result<void> check_searchable(const Deadline& deadline) override;
    Result<embedding::Model> vibe_model(const Deadline& deadline) override;

    Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline& deadline) override;
    Result<std::optional<catalog::Track>> find(const TrackId& id, const Deadline& deadline) override;
    Result<std::vector<catalog::Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) override;
    Result<std::optional<catalog::Track>> find_by_path(const std::string& path, const Deadline& deadline) override;
    Result<std::optional<catalog::Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) override;
    Result<audio::WaveformPeaks> waveform(const catalog::Track& track, const Deadline& deadline) override;
    Result<std::filesystem::path> audio_file(const catalog::Track& track, const Deadline& deadline) override;
    const audio::Decoder& decoder() const override { return stores_.backends().decoder(); }

    Result<catalog::TimelineStore*> timelines(const Deadline& deadline) override;
    Result<catalog::MonitorStore*> monitors(const Deadline& deadline) override;

    Result<Counts> counts(const Deadline& deadline) override;
    Readiness readiness(const Deadline& deadline) override;

    Result<ingest::IngestReport> ingest(const IngestRequest& request, const Turn& turn,
                                        ChangeObserver& observer) override {
        return changes_.ingest(request, turn, observer);
    }
    Result<Added> add(const Upload& upload, const Turn& turn) override { return changes_.add(upload, turn); }
    Result<Added> learn(const audio::Source& recording, const Stretch& stretch, const Turn& turn) override {
        return changes_.learn(recording, stretch, turn);
    }
    Result<std::size_t> remove(std::span<const TrackId> ids, Uploads uploads, const Turn& turn) override {
        return changes_.remove(ids, uploads, turn);
    }
    Result<ingest::PassReport> reembed(ingest::PassScope scope, const Turn& turn, ChangeObserver& observer) override {
        return changes_.reembed(scope, turn, observer);
    }
    Result<ingest::PassReport> rebuild_index(const RebuildRequest& request, const Turn& turn,
                                             ChangeObserver& observer) override {
        return changes_.rebuild_index(request, turn, observer);
    }

    Upkeep& upkeep() override { return upkeep_; }

    /// The stores, for app/, which opens all stores of a service at once and names those that it cannot reach.
    OpenStores& stores() { return stores_; }
    /// Reads an index that is far, loads the vibe lane's model, runs it once and measures the scale of similarity, so
    /// that the first search need not wait for that. Fails and names what the lane is missing; the exact lane does not
    /// need it.
    Result<void> warm_up(const Deadline& deadline);
    /// After a crash: see StoredChanges::settle(), which reads every row. It is only called when catalog and index have
    /// different numbers of tracks or some are half done.
    Result<std::size_t> settle(const std::stop_token& stop);
    /// After an upgrade: see StoredChanges::renew_fingerprints().
    Result<ingest::PassReport> renew_fingerprints(const std::stop_token& stop) {
        return changes_.renew_fingerprints(stop);
    }

  private:
    /// counts() without those of the vibe lane.
    Result<Counts> exact_counts(const Deadline& deadline);
    Result<SoundMatches> named(Result<std::vector<search::SoundAlike>> found, const search::VibeLibrary& vibe,
                               const Deadline& deadline);

    OpenStores stores_;
    StoredChanges changes_;
    StoredUpkeep upkeep_;
};

}  // namespace audio_ident::library
