#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/sort.hpp"
#include "catalog/track.hpp"
#include "search/response.hpp"

// What requests and answers hold, under the contract's names, besides those of search/response.hpp. Described once: JSON,
// the checks of requests and /openapi.json follow from here and from http/constraints.cpp. docs/api-contract.md has the
// same as TypeScript; a test compares them.

namespace audio_ident::http {

struct SearchForm {
    search::SearchMode mode = search::SearchMode::both;
    std::int64_t max_results = 10;
    bool diverse = false;
};
BOOST_DESCRIBE_STRUCT(SearchForm, (), (mode, max_results, diverse))

struct IngestForm {
    std::optional<std::string> directory;
};
BOOST_DESCRIBE_STRUCT(IngestForm, (), (directory))

struct SimilarQuery {
    std::optional<double> at;
    std::int64_t limit = 10;
    bool diverse = false;
};
BOOST_DESCRIBE_STRUCT(SimilarQuery, (), (at, limit, diverse))

struct SimilarTracks {
    std::vector<search::VibeMatch> vibe_matches;
};
BOOST_DESCRIBE_STRUCT(SimilarTracks, (), (vibe_matches))

struct TracksQuery {
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    std::string search;
    catalog::TrackSort sort = catalog::TrackSort::added;
    std::optional<catalog::SortOrder> order;
};
BOOST_DESCRIBE_STRUCT(TracksQuery, (), (page, per_page, search, sort, order))

enum class AudioForm { original, opus };
BOOST_DESCRIBE_ENUM(AudioForm, original, opus)

struct AudioQuery {
    AudioForm as = AudioForm::original;
};
BOOST_DESCRIBE_STRUCT(AudioQuery, (), (as))

struct TrackPage {
    std::vector<search::TrackInfo> items;
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    std::int64_t pages = 0;
};
BOOST_DESCRIBE_STRUCT(TrackPage, (), (items, total, page, per_page, pages))

struct TrackDetail {
    std::string id;
    std::string title;
    std::optional<std::string> artist;
    std::optional<std::string> album;
    double duration_seconds = 0;
    std::string ingested_at;
    std::string updated_at;
    std::optional<std::int64_t> sample_rate;
    std::optional<std::int64_t> channels;
    std::optional<std::int64_t> bitrate;
    std::optional<std::string> format;
    std::string file_hash_sha256;
    std::int64_t file_size_bytes = 0;
    std::string file_path;
    bool fingerprint_indexed = false;
    std::optional<std::string> embedding_model;
    std::optional<std::int64_t> embedding_dim;
};
BOOST_DESCRIBE_STRUCT(TrackDetail, (),
                      (id, title, artist, album, duration_seconds, ingested_at, updated_at, sample_rate, channels,
                       bitrate, format, file_hash_sha256, file_size_bytes, file_path, fingerprint_indexed,
                       embedding_model, embedding_dim))

struct Waveform {
    std::string track_id;
    double duration_seconds = 0;
    std::vector<double> peaks;
};
BOOST_DESCRIBE_STRUCT(Waveform, (), (track_id, duration_seconds, peaks))

enum class IngestStatus { ingested, duplicate, error };
BOOST_DESCRIBE_ENUM(IngestStatus, ingested, duplicate, error)

struct IngestResponse {
    std::string track_id;
    std::string title;
    std::optional<std::string> artist;
    IngestStatus status = IngestStatus::ingested;
};
BOOST_DESCRIBE_STRUCT(IngestResponse, (), (track_id, title, artist, status))

struct IngestError {
    std::string file;
    std::string error;
};
BOOST_DESCRIBE_STRUCT(IngestError, (), (file, error))

struct IngestReport {
    std::int64_t total = 0;
    std::int64_t ingested = 0;
    std::int64_t duplicates = 0;
    std::vector<IngestError> errors;
    std::int64_t updated = 0;
    std::int64_t moved = 0;
    std::int64_t unchanged = 0;
};
BOOST_DESCRIBE_STRUCT(IngestReport, (), (total, ingested, duplicates, errors, updated, moved, unchanged))

enum class JobStatus { queued, running, finished, cancelled, failed };
BOOST_DESCRIBE_ENUM(JobStatus, queued, running, finished, cancelled, failed)

struct IngestProgress {
    std::int64_t files_done = 0;
    std::optional<std::int64_t> files_total;
    double seconds_of_audio = 0;
    std::optional<double> remaining_seconds;
};
BOOST_DESCRIBE_STRUCT(IngestProgress, (), (files_done, files_total, seconds_of_audio, remaining_seconds))

struct IngestJob {
    std::string id;
    std::string directory;
    JobStatus status = JobStatus::queued;
    std::string created_at;
    std::optional<std::string> finished_at;
    std::int64_t restarts = 0;
    IngestProgress progress;
    IngestReport report;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(IngestJob, (),
                      (id, directory, status, created_at, finished_at, restarts, progress, report, error))

struct LibraryCounts {
    std::int64_t tracks = 0;
    std::int64_t unfinished = 0;
    std::int64_t fingerprinted = 0;
    std::optional<std::string> embedding_model;
    std::optional<std::int64_t> embedded;
};
BOOST_DESCRIBE_STRUCT(LibraryCounts, (), (tracks, unfinished, fingerprinted, embedding_model, embedded))

enum class StoreState { ok, unavailable };
BOOST_DESCRIBE_ENUM(StoreState, ok, unavailable)

struct Health {
    std::string status;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status, version))

struct StoreStates {
    StoreState catalog = StoreState::ok;
    StoreState fingerprint_index = StoreState::ok;
    std::optional<StoreState> vector_index;  ///< absent: there is no vibe lane
};
BOOST_DESCRIBE_STRUCT(StoreStates, (), (catalog, fingerprint_index, vector_index))

struct Readiness {
    StoreState status = StoreState::ok;
    StoreStates stores;
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (status, stores))

struct Component {
    std::string name;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(Component, (), (name, version))

struct Version {
    std::string name;
    std::string version;
    std::string api_version;
    std::vector<Component> components;
};
BOOST_DESCRIBE_STRUCT(Version, (), (name, version, api_version, components))

TrackDetail track_detail(const catalog::Track& track);

}  // namespace audio_ident::http
