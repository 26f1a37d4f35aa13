#include "library/stored_library.hpp"

#include <chrono>
#include <random>
#include <vector>

#include "ingest/commit/row_file.hpp"
#include "library/identify.hpp"
#include "util/path_text.hpp"

namespace audio_ident::library {
namespace {

/// Moves a deadline by the time since `begin`, because loading a model does not count against a search's deadline.
Deadline put_off(const Deadline& deadline, Deadline::Clock::time_point begin) {
    if (deadline.when() == Deadline::Clock::time_point::max()) return deadline;
    return Deadline(deadline.when() + (Deadline::Clock::now() - begin), deadline.stop_token());
}

Unexpected vibe_failure(const Error& error, Reason reason) {
    return Unexpected(error.kind == ErrorKind::unsupported ? error : search_error(error, reason));
}

Result<VibeParts> parts_of(const Result<search::VibeLibrary*>& vibe, const Deadline& deadline) {
    if (!vibe) return forward(vibe);
    const auto lane = (*vibe)->lane(deadline);
    if (!lane) return forward(lane);
    return VibeParts{&(*vibe)->embedder(), *lane};
}

/// The ingest could decode the track, so its file is missing or damaged now.
Unexpected cannot_decode(Error error) {
    if (error.kind != ErrorKind::timeout && error.kind != ErrorKind::internal && error.reason == Reason::unspecified)
        error.reason = Reason::file_not_found;
    return Unexpected(std::move(error));
}

/// Quiet noise as long as a window. The model's output for it does not matter.
std::vector<float> some_sound(const embedding::Model& model) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> level(-0.1F, 0.1F);
    std::vector<float> sound(static_cast<std::size_t>(model.window_seconds * model.sample_rate));
    for (float& sample : sound) sample = level(random);
    return sound;
}

/// A process keeps in memory what its first search reads of a far index. Nobody waits for this one.
void read_ahead(OpenStores& stores, const Deadline& deadline) {
    const auto index = stores.index();
    if (!index) return;
    const auto snapshot = (*index)->reader().snapshot(deadline);
    if (!snapshot || !(*snapshot)->is_far() || (*snapshot)->segments().empty()) return;
    static_cast<void>((*snapshot)->count_bound(0, {}));
}

}  // namespace

Result<Identification> StoredLibrary::identify(const audio::Source& clip, const IdentifyRequest& request) {
    const auto& stop = request.deadline.stop_token();
    const auto rows = stores_.catalog(store_deadline(stop));
    if (!rows) return forward(rows);
    const auto index = stores_.index();
    if (!index) return forward(index);
    const auto calibration = stores_.calibration();
    if (!calibration) return forward(calibration);
    const auto begin = Deadline::Clock::now();
    Result<search::VibeLibrary*> vibe;
    if (request.mode != Mode::exact) vibe = stores_.vibe(store_deadline(stop));
    IdentifyRequest asked = request;
    asked.deadline = put_off(request.deadline, begin);
    auto& threads = stores_.backends().threads();
    const search::ExactLane exact((*index)->reader(), threads.computing, *calibration);
    const auto open_vibe = [&](const Deadline& deadline) { return parts_of(vibe, deadline); };
    return library::identify({decoder(), **rows, exact, open_vibe, threads.lanes}, clip, asked);
}

Result<SoundMatches> StoredLibrary::similar(const SimilarRequest& request) {
    const auto begin = Deadline::Clock::now();
    const auto vibe = stores_.vibe(store_deadline(request.options.deadline.stop_token()));
    if (!vibe) return vibe_failure(vibe.error(), Reason::lane_unavailable);
    search::VibeOptions options = request.options;
    options.deadline = put_off(options.deadline, begin);
    const auto lane = (*vibe)->lane(options.deadline);
    if (!lane) return vibe_failure(lane.error(), Reason::lane_unavailable);
    auto found = lane->similar(request.track, request.at_seconds, options);
    if (!found) return vibe_failure(found.error(), Reason::store_unavailable);
    if (*found) return named(std::move(**found), **vibe, options.deadline);
    return Unexpected(Error{ErrorKind::not_available,
                            fmt::format("the track is not described by the model {} yet; run `audio-ident reembed`",
                                        (*vibe)->embedder().model().name),
                            Reason::lane_unavailable});
}

Result<SoundMatches> StoredLibrary::search_text(std::string_view words, const search::VibeOptions& options) {
    const auto vibe = stores_.vibe(store_deadline(options.deadline.stop_token()));
    if (!vibe) return vibe_failure(vibe.error(), Reason::lane_unavailable);
    return named((*vibe)->search_text(words, options), **vibe, options.deadline);
}

Result<SoundMatches> StoredLibrary::named(Result<std::vector<search::SoundAlike>> found,
                                          const search::VibeLibrary& vibe, const Deadline& deadline) {
    if (!found) return vibe_failure(found.error(), Reason::store_unavailable);
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    auto matches = name_sounds(**rows, *found, deadline);
    if (!matches) return forward(matches);
    return SoundMatches{vibe.embedder().model().name, std::move(*matches)};
}

Result<RecordingTimeline> StoredLibrary::timeline(const audio::Source& recording, const TimelineRequest& request,
                                                  const TimelineObserver& observer) {
    const auto& stop = request.deadline.stop_token();
    const auto rows = stores_.catalog(store_deadline(stop));
    if (!rows) return forward(rows);
    const auto index = stores_.index();
    if (!index) return forward(index);
    const auto open_vibe = [&](const Deadline& deadline) {
        return parts_of(stores_.vibe(store_deadline(stop)), deadline);
    };
    const TimelineParts parts{decoder(), **rows, (*index)->reader(), stores_.backends().threads().computing, open_vibe};
    const auto* path = std::get_if<std::filesystem::path>(&recording);
    if (!path) return make_timeline(parts, recording, request, observer);
    const auto here = stores_.backends().audio().open(*path, request.deadline);
    if (!here) return forward(here);
    return make_timeline(parts, *here, request, observer);
}

Result<StationMatches> StoredLibrary::stations(const audio::Source& clip, const IdentifyRequest& request) {
    const auto rows = stores_.catalog(store_deadline(request.deadline.stop_token()));
    if (!rows) return forward(rows);
    const auto heard = stores_.stations();
    if (!heard) return forward(heard);
    index::FingerprintIndexReader* index = *heard == nullptr ? nullptr : &(*heard)->reader();
    return find_stations({decoder(), (*rows)->monitors(), index, stores_.backends().threads().computing}, clip,
                         request);
}

Result<std::unique_ptr<LiveAnswer>> StoredLibrary::listen(const ListenRequest& request) {
    const auto& stop = request.deadline.stop_token();
    const auto rows = stores_.catalog(store_deadline(stop));
    if (!rows) return forward(rows);
    const auto index = stores_.index();
    if (!index) return forward(index);
    const auto calibration = stores_.calibration();
    if (!calibration) return forward(calibration);
    auto& threads = stores_.backends().threads();
    return make_live_answer({**rows, (*index)->reader(), threads.computing, *calibration}, request);
}

Result<void> StoredLibrary::check_searchable(const Deadline& deadline) {
    if (const auto rows = stores_.catalog(deadline); !rows) return forward(rows);
    if (const auto index = stores_.index(); !index) return forward(index);
    if (const auto calibration = stores_.calibration(); !calibration) return forward(calibration);
    return {};
}

Result<embedding::Model> StoredLibrary::vibe_model(const Deadline& deadline) {
    const auto vibe = stores_.vibe(deadline);
    if (!vibe) return vibe_failure(vibe.error(), Reason::lane_unavailable);
    const auto lane = (*vibe)->lane(deadline);
    if (!lane) return vibe_failure(lane.error(), Reason::lane_unavailable);
    return (*vibe)->embedder().model();
}

Result<void> StoredLibrary::warm_up(const Deadline& deadline) {
    // If anything fails here, the first search reports it.
    read_ahead(stores_, deadline);
    const auto vibe = stores_.vibe(deadline);
    if (!vibe) return forward(vibe);
    // If anything fails from here on, the first search reports it.
    const auto& embedder = (*vibe)->embedder();
    const auto stream = embedder.stream(deadline);
    if (stream->consume(some_sound(embedder.model()))) static_cast<void>(stream->finish());
    static_cast<void>((*vibe)->lane(deadline));
    return {};
}

Result<catalog::TrackPage> StoredLibrary::list(const catalog::ListQuery& query, const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return (*rows)->list(query, deadline);
}

Result<std::optional<catalog::Track>> StoredLibrary::find(const TrackId& id, const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return (*rows)->find(id, deadline);
}

Result<std::vector<catalog::Track>> StoredLibrary::find_many(std::span<const TrackId> ids, const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return (*rows)->find_many(ids, deadline);
}

Result<std::optional<catalog::Track>> StoredLibrary::find_by_path(const std::string& path, const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return (*rows)->find_by_path(path, deadline);
}

Result<std::optional<catalog::Track>> StoredLibrary::find_by_hash(const std::string& sha256, const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return (*rows)->find_by_hash(sha256, deadline);
}

Result<audio::WaveformPeaks> StoredLibrary::waveform(const catalog::Track& track, const Deadline& deadline) {
    const auto waveforms = stores_.waveforms();
    if (auto stored = waveforms.find(track.file_hash_sha256)) return std::move(*stored);
    audio::Waveform waveform;
    audio::DecodeOptions options;
    options.sample_rate_hz = audio::Waveform::kSampleRateHz;
    options.deadline = deadline;
    options.stream = track.audio_stream;
    const std::filesystem::path path = util::path_from_text(track.file_path).value_or("");
    const auto decoded = decoder().decode(path, options, [&](std::span<const float> samples) {
        waveform.consume(samples);
        return audio::Flow::proceed;
    });
    if (!decoded) return cannot_decode(decoded.error());
    auto peaks = waveform.finish();
    if (ingest::still_holds(track, stores_.shared_audio(), deadline)) waveforms.put(track.file_hash_sha256, peaks);
    return peaks;
}

Result<std::filesystem::path> StoredLibrary::audio_file(const catalog::Track& track, const Deadline& deadline) {
    return stores_.backends().audio().open(util::path_from_text(track.file_path).value_or(""), deadline);
}

Result<catalog::TimelineStore*> StoredLibrary::timelines(const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return &(*rows)->timelines();
}

Result<catalog::MonitorStore*> StoredLibrary::monitors(const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    return &(*rows)->monitors();
}

Result<Counts> StoredLibrary::exact_counts(const Deadline& deadline) {
    const auto rows = stores_.catalog(deadline);
    if (!rows) return forward(rows);
    const auto ready = (*rows)->count(catalog::TrackState::ready, deadline);
    if (!ready) return forward(ready);
    const auto pending = (*rows)->count(catalog::TrackState::pending, deadline);
    if (!pending) return forward(pending);
    const auto index = upkeep_.index(deadline);
    if (!index) return forward(index);
    Counts counts;
    counts.tracks = *ready;
    counts.unfinished = *pending;
    counts.fingerprinted = static_cast<std::int64_t>(index->tracks);
    return counts;
}

Result<Counts> StoredLibrary::counts(const Deadline& deadline) {
    auto counts = exact_counts(deadline);
    if (!counts) return counts;
    if (const auto vibe = stores_.vibe(deadline)) {
        const auto vectors = (*vibe)->vectors().stats(deadline);
        if (!vectors) return forward(vectors);
        counts->embedding_model = (*vibe)->embedder().model().name;
        counts->embedded = static_cast<std::int64_t>(vectors->tracks);
    }
    return counts;
}

Result<std::size_t> StoredLibrary::settle(const std::stop_token& stop) {
    const auto counts = exact_counts(store_deadline(stop));
    if (!counts) return forward(counts);
    if (counts->unfinished == 0 && counts->tracks == counts->fingerprinted) return 0;
    return changes_.settle(stop);
}

Readiness StoredLibrary::readiness(const Deadline& deadline) {
    Readiness readiness;
    const auto rows = stores_.catalog(deadline);
    readiness.catalog = rows && (*rows)->ping(deadline);
    readiness.fingerprint_index = upkeep_.index(deadline).has_value();
    if (const auto vibe = stores_.vibe(deadline))
        readiness.vector_index = (*vibe)->vectors().stats(deadline).has_value();
    if (auto* audio = stores_.shared_audio()) readiness.audio = audio->ping(deadline).has_value();
    return readiness;
}

}  // namespace audio_ident::library
