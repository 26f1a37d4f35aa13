#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/search_types.hpp"
#include "catalog/sort.hpp"
#include "catalog/track.hpp"

// Requests and responses about tracks.
// Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow from here and from
// api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares them.

namespace audio_ident::api::wire {

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
    std::vector<TrackInfo> items;
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
    std::optional<std::int64_t> audio_stream;
    std::optional<std::int64_t> audio_streams;
    std::optional<double> stated_seconds;
    std::int64_t damaged_frames = 0;
    std::optional<std::string> kin_id;
};
BOOST_DESCRIBE_STRUCT(TrackDetail, (),
                      (id, title, artist, album, duration_seconds, ingested_at, updated_at, sample_rate, channels,
                       bitrate, format, file_hash_sha256, file_size_bytes, file_path, fingerprint_indexed,
                       embedding_model, embedding_dim, audio_stream, audio_streams, stated_seconds, damaged_frames,
                       kin_id))

struct Waveform {
    std::string track_id;
    double duration_seconds = 0;
    std::vector<double> peaks;
};
BOOST_DESCRIBE_STRUCT(Waveform, (), (track_id, duration_seconds, peaks))

}  // namespace audio_ident::api::wire

namespace audio_ident::api {

wire::TrackDetail track_detail(const catalog::Track& track);

}  // namespace audio_ident::api
