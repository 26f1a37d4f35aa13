#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audio/decoder.hpp"
#include "audio/waveform.hpp"
#include "catalog/catalog.hpp"
#include "library/changes.hpp"
#include "library/identification.hpp"
#include "library/state.hpp"
#include "library/upkeep.hpp"

namespace audio_ident::library {

/// A music library as every door sees it: the command line, the API, and those to come ask here, in the domain's words.
/// A door knows neither stores nor locks nor models; app/ chooses those and hands a Library over
/// (library/stored_library.hpp).
///
/// Stores are opened when they are first needed. Every call may fail with what they fail with: not_available, timeout,
/// corrupt, unsupported (data of another version); the message says what to do. Reading calls also fail with
/// not_available while there is no library. Thread-safe.
class Library {
  public:
    virtual ~Library() = default;

    /// False before the first ingest: there is nothing to list or search.
    virtual bool exists() const = 0;

    /// Which recording is this clip, and what sounds like it? The lanes run at the same time. With Mode::both a lane
    /// that fails, is late or missing leaves the other's answer. Fails with audio_too_short, audio_too_long,
    /// unsupported_format, file_not_found; and when no lane is left with search_timeout, store_unavailable or
    /// lane_unavailable.
    virtual Result<Identification> identify(const audio::Source& clip, const IdentifyRequest& request) = 0;
    /// What sounds like a track, or a moment of it? Fails with lane_unavailable also when the track has no vectors,
    /// search_timeout.
    virtual Result<SoundMatches> similar(const SimilarRequest& request) = 0;
    /// What sounds as these words say? Fails with unsupported when the model reads no text.
    virtual Result<SoundMatches> search_text(std::string_view words, const search::VibeOptions& options) = 0;
    /// Opens what the exact lane works with, so that a door can tell at once why no search will work.
    virtual Result<void> check_searchable(const Deadline& deadline) = 0;
    /// The model that the vibe lane works with. Fails with lane_unavailable; the message says what is missing.
    virtual Result<embedding::Model> vibe_model(const Deadline& deadline) = 0;

    /// Rows of any state, unless the query names one.
    virtual Result<catalog::TrackPage> list(const catalog::ListQuery& query, const Deadline& deadline) = 0;
    virtual Result<std::optional<catalog::Track>> find(const TrackId& id, const Deadline& deadline) = 0;
    /// `path`: as the catalog shows it (util/path_text.hpp).
    virtual Result<std::optional<catalog::Track>> find_by_path(const std::string& path, const Deadline& deadline) = 0;
    virtual Result<std::optional<catalog::Track>> find_by_hash(const std::string& sha256, const Deadline& deadline) = 0;
    /// Those of the ingest; computed from the file for a track that has none. Fails with file_not_found.
    virtual Result<audio::WaveformPeaks> waveform(const catalog::Track& track, const Deadline& deadline) = 0;
    /// For playing files in another format. Lives as long as the library.
    virtual const audio::Decoder& decoder() const = 0;

    virtual Result<Counts> counts(const Deadline& deadline) = 0;
    virtual Readiness readiness(const Deadline& deadline) = 0;

    /// Brings the library in line with files. Fails when it cannot begin; what goes wrong later is in the report.
    virtual Result<ingest::IngestReport> ingest(const IngestRequest& request, const Turn& turn,
                                                ChangeObserver& observer) = 0;
    /// Takes an uploaded file into the library. Fails with audio_too_short, unsupported_format, and as ingest() does.
    virtual Result<Added> add(const Upload& upload, const Turn& turn) = 0;
    /// Returns how many of the ids were tracks.
    virtual Result<std::size_t> remove(std::span<const TrackId> ids, Uploads uploads, const Turn& turn) = 0;
    /// Gives tracks vectors of the model that the settings name, and puts that model in service when nearly all have
    /// them.
    virtual Result<ingest::PassReport> reembed(ingest::PassScope scope, const Turn& turn, ChangeObserver& observer) = 0;
    /// Analyses the files of tracks again. An index that cannot be read is replaced.
    virtual Result<ingest::PassReport> rebuild_index(const RebuildRequest& request, const Turn& turn,
                                                     ChangeObserver& observer) = 0;

    /// Lives as long as the library.
    virtual Upkeep& upkeep() = 0;
};

}  // namespace audio_ident::library
