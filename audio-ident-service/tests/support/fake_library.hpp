#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "library/library.hpp"
#include "support/fake_monitors.hpp"
#include "support/fake_timelines.hpp"

namespace audio_ident::test {

/// The answers of a FakeLibrary to doctor and db.
class FakeUpkeep final : public library::Upkeep {
  public:
    Result<void> writable;
    Result<std::optional<std::string>> audio_place;
    Result<library::IndexState> index_state;
    Result<library::Comparison> comparison;
    Result<search::Calibration> stored_calibration;
    Result<library::CalibrationReport> calibration_report;
    library::SchemaState schema_state{"0001_tracks", "0001_tracks"};
    std::vector<std::string> migrations;  ///< the migrations that upgrading and downgrading report
    std::vector<library::Turn> resets;
    std::vector<library::CopyRequest> copies;
    library::CopyReport copy_report;

    Result<void> check_writable() const override { return writable; }
    Result<std::optional<std::string>> check_audio(const Deadline&) override { return audio_place; }
    Result<library::IndexState> index(const Deadline&) override { return index_state; }
    Result<library::Comparison> compare(const Deadline&) override { return comparison; }
    Result<search::Calibration> calibration() override { return stored_calibration; }
    Result<library::CalibrationReport> calibrate(std::size_t tracks, library::CalibrationObserver& observer,
                                                 const std::stop_token&) override {
        observer.on_track(tracks, tracks);
        return calibration_report;
    }
    Result<void> forget_calibration() override {
        stored_calibration = search::Calibration{};
        return {};
    }
    Result<library::SchemaState> schema(const Deadline&) override { return schema_state; }
    Result<std::string> newest_schema() override { return schema_state.head; }
    Result<std::vector<std::string>> upgrade_schema(const Deadline&) override { return migrations; }
    Result<std::vector<std::string>> downgrade_schema(int, const Deadline&) override { return migrations; }
    Result<void> reset(const library::Turn& turn) override {
        resets.push_back(turn);
        return {};
    }
    Result<library::CopyReport> copy(const library::CopyRequest& request, const library::Turn&,
                                     library::CopyObserver&) override {
        copies.push_back(request);
        return copy_report;
    }
};

/// A live answer that recognises nothing.
class DeafAnswer final : public library::LiveAnswer {
  public:
    Result<std::vector<library::NamedEvent>> consume(std::span<const float>) override {
        return std::vector<library::NamedEvent>{};
    }
    Result<std::vector<library::NamedEvent>> finish() override { return std::vector<library::NamedEvent>{}; }
};

/// A library of rows in memory. It gives the answers that a test sets, and keeps the requests. Not thread-safe.
class FakeLibrary : public library::Library {
  public:
    bool is_there = true;
    std::vector<catalog::Track> tracks;
    /// When set, every call that can fail does so.
    std::optional<Error> failure;

    std::function<Result<library::Identification>(const audio::Source&, const library::IdentifyRequest&)> on_identify =
        [](const auto&, const auto&) { return library::Identification{}; };
    std::function<Result<library::RecordingTimeline>(const audio::Source&, const library::TimelineRequest&,
                                                     const library::TimelineObserver&)>
        on_timeline = [](const auto&, const auto&, const auto&) { return library::RecordingTimeline{}; };
    /// By default nothing is ever recognised.
    std::function<Result<std::unique_ptr<library::LiveAnswer>>(const library::ListenRequest&)> on_listen =
        [](const auto&) { return std::make_unique<DeafAnswer>(); };
    Result<library::SoundMatches> sounds_alike;
    library::StationMatches station_matches;
    Result<embedding::Model> model = embedding::Model{.name = "fake", .version = "1", .tag_names = {}};
    audio::WaveformPeaks peaks;
    library::Counts library_counts;
    library::Readiness stores{true, true, std::nullopt, std::nullopt};
    Result<ingest::IngestReport> ingest_report;
    Result<library::Added> added;
    ingest::PassReport pass_report;
    FakeUpkeep fake_upkeep;
    FakeTimelines timeline_rows;
    FakeMonitors monitor_rows;

    std::vector<library::SimilarRequest> similar_requests;
    std::vector<std::string> searched_texts;
    std::vector<library::IngestRequest> ingest_requests;
    std::vector<library::RebuildRequest> rebuild_requests;
    std::vector<ingest::PassScope> reembed_requests;
    std::vector<library::Stretch> learnt;
    std::vector<library::Turn> turns;  ///< the turn of every change, in order

    explicit FakeLibrary(const audio::Decoder* decoder = nullptr) : decoder_(decoder) {}

    bool exists() const override { return is_there; }
    Result<library::Identification> identify(const audio::Source& clip,
                                             const library::IdentifyRequest& request) override {
        if (failure) return Unexpected(*failure);
        return on_identify(clip, request);
    }
    Result<library::StationMatches> stations(const audio::Source&, const library::IdentifyRequest&) override {
        if (failure) return Unexpected(*failure);
        return station_matches;
    }
    Result<library::SoundMatches> similar(const library::SimilarRequest& request) override {
        if (failure) return Unexpected(*failure);
        similar_requests.push_back(request);
        return sounds_alike;
    }
    Result<library::SoundMatches> search_text(std::string_view words, const search::VibeOptions&) override {
        if (failure) return Unexpected(*failure);
        searched_texts.emplace_back(words);
        return sounds_alike;
    }
    Result<library::RecordingTimeline> timeline(const audio::Source& recording, const library::TimelineRequest& request,
                                                const library::TimelineObserver& observer) override {
        if (failure) return Unexpected(*failure);
        return on_timeline(recording, request, observer);
    }
    Result<std::unique_ptr<library::LiveAnswer>> listen(const library::ListenRequest& request) override {
        if (failure) return Unexpected(*failure);
        return on_listen(request);
    }
    Result<void> check_searchable(const Deadline&) override {
        return failure ? Result<void>(Unexpected(*failure)) : Result<void>();
    }
    Result<embedding::Model> vibe_model(const Deadline&) override { return model; }

    /// Lists in the order of `tracks`; searches titles by bytes.
    Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        catalog::TrackPage page;
        for (const auto& track : tracks) {
            if (query.state && track.state != *query.state) continue;
            if (query.which == catalog::Which::damaged && !track.stated_seconds && track.damaged_frames == 0) continue;
            if (track.title.find(query.search) == std::string::npos) continue;
            if (page.total >= query.offset && page.total < query.offset + query.limit) page.tracks.push_back(track);
            ++page.total;
        }
        return page;
    }
    Result<std::optional<catalog::Track>> find(const TrackId& id, const Deadline&) override {
        return first([&](const auto& track) { return track.id == id; });
    }
    Result<std::vector<catalog::Track>> find_many(std::span<const TrackId> ids, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        std::vector<catalog::Track> found;
        std::ranges::copy_if(tracks, std::back_inserter(found),
                             [&](const auto& track) { return std::ranges::find(ids, track.id) != ids.end(); });
        return found;
    }
    Result<std::optional<catalog::Track>> find_by_path(const std::string& path, const Deadline&) override {
        return first([&](const auto& track) { return track.file_path == path; });
    }
    Result<std::optional<catalog::Track>> find_by_hash(const std::string& sha256, const Deadline&) override {
        return first([&](const auto& track) { return track.file_hash_sha256 == sha256; });
    }
    Result<std::filesystem::path> audio_file(const catalog::Track& track, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        return std::filesystem::path(track.file_path);
    }
    Result<audio::WaveformPeaks> waveform(const catalog::Track&, const Deadline&) override {
        if (failure) return Unexpected(*failure);
        return peaks;
    }
    /// The decoder that the test passed in.
    const audio::Decoder& decoder() const override { return *decoder_; }

    Result<catalog::TimelineStore*> timelines(const Deadline&) override {
        if (failure) return Unexpected(*failure);
        return &timeline_rows;
    }

    Result<catalog::MonitorStore*> monitors(const Deadline&) override {
        if (failure) return Unexpected(*failure);
        return &monitor_rows;
    }

    Result<library::Counts> counts(const Deadline&) override {
        if (failure) return Unexpected(*failure);
        return library_counts;
    }
    library::Readiness readiness(const Deadline&) override { return stores; }

    Result<ingest::IngestReport> ingest(const library::IngestRequest& request, const library::Turn& turn,
                                        library::ChangeObserver&) override {
        if (failure) return Unexpected(*failure);
        ingest_requests.push_back(request);
        turns.push_back(turn);
        return ingest_report;
    }
    Result<library::Added> add(const library::Upload&, const library::Turn& turn) override {
        if (failure) return Unexpected(*failure);
        turns.push_back(turn);
        return added;
    }
    Result<library::Added> learn(const audio::Source&, const library::Stretch& stretch,
                                 const library::Turn& turn) override {
        if (failure) return Unexpected(*failure);
        learnt.push_back(stretch);
        turns.push_back(turn);
        return added;
    }
    Result<std::size_t> remove(std::span<const TrackId> ids, library::Uploads, const library::Turn& turn) override {
        if (failure) return Unexpected(*failure);
        turns.push_back(turn);
        const auto gone = [&](const auto& track) { return std::ranges::find(ids, track.id) != ids.end(); };
        return std::erase_if(tracks, gone);
    }
    Result<ingest::PassReport> reembed(ingest::PassScope scope, const library::Turn& turn,
                                       library::ChangeObserver&) override {
        if (failure) return Unexpected(*failure);
        reembed_requests.push_back(scope);
        turns.push_back(turn);
        return pass_report;
    }
    Result<ingest::PassReport> rebuild_index(const library::RebuildRequest& request, const library::Turn& turn,
                                             library::ChangeObserver&) override {
        if (failure) return Unexpected(*failure);
        rebuild_requests.push_back(request);
        turns.push_back(turn);
        return pass_report;
    }
    library::Upkeep& upkeep() override { return fake_upkeep; }

  private:
    Result<std::optional<catalog::Track>> first(const auto& wanted) const {
        if (failure) return Unexpected(*failure);
        const auto found = std::ranges::find_if(tracks, wanted);
        return found == tracks.end() ? std::nullopt : std::optional(*found);
    }

    const audio::Decoder* decoder_;
};

}  // namespace audio_ident::test
