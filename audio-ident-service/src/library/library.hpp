#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audio/decoder.hpp"
#include "audio/waveform.hpp"
#include "catalog/catalog.hpp"
#include "library/changes.hpp"
#include "library/cut_out.hpp"
#include "library/identification.hpp"
#include "library/live_answer.hpp"
#include "library/state.hpp"
#include "library/station_search.hpp"
#include "library/timelines.hpp"
#include "library/upkeep.hpp"

namespace audio_ident::library {

/// A music library as every door (the command line, the API) sees it, in the words of the domain. A door knows nothing
/// about stores, locks or models: app/ chooses those, and gives the door a Library (library/stored_library.hpp).
///
/// Stores are opened when they are first needed. Every call can fail with the errors of the stores: not_available,
/// timeout, corrupt, unsupported (data of another version); the message says what to do. Reading calls also fail with
/// not_available while there is no library. Thread-safe.
class Library {
  public:
    virtual ~Library() = default;

    /// False before the first ingest: there is nothing to list or search.
    virtual bool exists() const = 0;

    /// Finds the recording that a clip comes from, and music that sounds like it. The lanes run at the same time. With
    /// Mode::both, when one lane fails, is late or is missing, the answer is that of the other lane. Fails with
    /// audio_too_short, audio_too_long, unsupported_format, file_not_found; and, when no lane has an answer, with
    /// search_timeout, store_unavailable or lane_unavailable.
    virtual Result<Identification> identify(const audio::Source& clip, const IdentifyRequest& request) = 0;
    /// Finds music that sounds like a track, or like a moment of it. Fails with search_timeout, and with
    /// lane_unavailable also when the track has no vectors.
    virtual Result<SoundMatches> similar(const SimilarRequest& request) = 0;
    /// Finds music that sounds as these words say. Fails with unsupported when the model reads no text.
    virtual Result<SoundMatches> search_text(std::string_view words, const search::VibeOptions& options) = 0;
    /// Tells who plays when in a recording of any length. `observer` may be empty. Fails with unsupported_format,
    /// file_not_found, store_unavailable, timeout (deadline or stop).
    virtual Result<RecordingTimeline> timeline(const audio::Source& recording, const TimelineRequest& request,
                                               const TimelineObserver& observer) = 0;
    /// Finds which of the stations that the service listens to have played the clip in the last hours, and when. A
    /// station that is only just about to play it is not found. Of the request, mode and what concerns the vibe lane do
    /// not count. Fails as identify().
    virtual Result<StationMatches> stations(const audio::Source& clip, const IdentifyRequest& request) = 0;
    /// Listens to sound while it plays, and tells what it recognises as soon as it is sure. The library outlives the
    /// answer. Fails with store_unavailable.
    virtual Result<std::unique_ptr<LiveAnswer>> listen(const ListenRequest& request) = 0;
    /// Opens what the exact lane needs, so that a door can say at once why no search will work.
    virtual Result<void> check_searchable(const Deadline& deadline) = 0;
    /// The model that the vibe lane uses. Fails with lane_unavailable; the message says what is missing.
    virtual Result<embedding::Model> vibe_model(const Deadline& deadline) = 0;

    /// Lists rows of every state, unless the query names one.
    virtual Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline& deadline) = 0;
    virtual Result<std::optional<catalog::Track>> find(const TrackId& id, const Deadline& deadline) = 0;
    /// Unknown ids are skipped. The order is unspecified.
    virtual Result<std::vector<catalog::Track>> find_many(std::span<const TrackId> ids, const Deadline& deadline) = 0;
    /// `path` is written as the catalog shows it (util/path_text.hpp).
    virtual Result<std::optional<catalog::Track>> find_by_path(const std::string& path, const Deadline& deadline) = 0;
    virtual Result<std::optional<catalog::Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) = 0;
    /// The waveform that the ingest stored, or else one computed from the file. Fails with file_not_found.
    virtual Result<audio::WaveformPeaks> waveform(const catalog::Track& track, const Deadline& deadline) = 0;
    /// The path where a track's file can be read now: an upload may be at a server. Fails with file_not_found when
    /// there is no such upload, and with store_unavailable; for other files it does not look.
    virtual Result<std::filesystem::path> audio_file(const catalog::Track& track, const Deadline& deadline) = 0;
    /// Decodes files for playing them in another format. Lives as long as the library.
    virtual const audio::Decoder& decoder() const = 0;

    /// The timelines that were asked for and are kept. Lives as long as the library.
    virtual Result<catalog::TimelineStore*> timelines(const Deadline& deadline) = 0;
    /// The stations that the service listens to, and what they played. Lives as long as the library.
    virtual Result<catalog::MonitorStore*> monitors(const Deadline& deadline) = 0;

    virtual Result<Counts> counts(const Deadline& deadline) = 0;
    virtual Readiness readiness(const Deadline& deadline) = 0;

    /// Updates the library from files. Fails when it cannot begin; the report lists later failures.
    virtual Result<ingest::IngestReport> ingest(const IngestRequest& request, const Turn& turn,
                                                ChangeObserver& observer) = 0;
    /// Adds an uploaded file to the library. Fails with audio_too_short, unsupported_format, and like ingest().
    virtual Result<Added> add(const Upload& upload, const Turn& turn) = 0;
    /// Adds a stretch of a recording to the library as a track of its own, a FLAC file among the uploads. Fails with
    /// invalid_input when the recording has no such stretch, as decoding does, and like add().
    virtual Result<Added> learn(const audio::Source& recording, const Stretch& stretch, const Turn& turn) = 0;
    /// Removes tracks. Returns how many of the ids were tracks.
    virtual Result<std::size_t> remove(std::span<const TrackId> ids, Uploads uploads, const Turn& turn) = 0;
    /// Embeds tracks with the model that the settings name, and puts that model in service when nearly all tracks have
    /// its vectors.
    virtual Result<ingest::PassReport> reembed(ingest::PassScope scope, const Turn& turn, ChangeObserver& observer) = 0;
    /// Analyses the files of tracks again, and replaces an index that cannot be read.
    virtual Result<ingest::PassReport> rebuild_index(const RebuildRequest& request, const Turn& turn,
                                                     ChangeObserver& observer) = 0;

    /// Lives as long as the library.
    virtual Upkeep& upkeep() = 0;
};

}  // namespace audio_ident::library
