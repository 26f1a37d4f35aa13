#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/track_id.hpp"

namespace audio_ident::catalog {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;  ///< UTC

/// A track is searchable only when it is `ready`, that is, when all its parts are committed in their stores.
enum class TrackState { pending, ready };

/// A tag that the embedding model assigns, for example "jazz" with probability 0.71.
struct TagWeight {
    std::string name;
    double probability = 0;  ///< 0 to 1

    bool operator==(const TagWeight&) const = default;
};
BOOST_DESCRIBE_STRUCT(TagWeight, (), (name, probability))

/// One row of the table `tracks`.
struct Track {
    TrackId id;

    std::string title;                  ///< UTF-8, at most 500 characters; never empty
    std::optional<std::string> artist;  ///< UTF-8, at most 500 characters
    std::optional<std::string> album;   ///< UTF-8, at most 500 characters

    double duration_seconds = 0;
    std::optional<int> sample_rate;  ///< Hz, of the original file
    std::optional<int> channels;
    std::optional<int> bitrate;         ///< bits per second
    std::optional<std::string> format;  ///< at most 20 characters: "mp3", "flac", …

    std::optional<int> audio_stream;   ///< the one that is indexed, counted from 1; absent in rows of older versions
    std::optional<int> audio_streams;  ///< in the file
    std::optional<double> stated_seconds;  ///< how long the file states it lasts, where its audio ends before that
    std::int64_t damaged_frames = 0;       ///< that could not be decoded
    std::optional<TrackId> kin;            ///< another recording that begins the same; absent: none is known

    std::string file_hash_sha256;  ///< 64 lower-case hexadecimal digits; unique
    std::int64_t file_size_bytes = 0;
    std::string file_path;              ///< absolute; bytes that are not UTF-8 are escaped as in util/path_text.hpp
    std::int64_t file_modified_ns = 0;  ///< modification time of the file, nanoseconds since 1970

    std::optional<std::string> chromaprint_fingerprint;  ///< compressed and base64-coded, as `fpcalc` prints it
    std::optional<double> chromaprint_duration;          ///< seconds of audio that the fingerprint covers

    bool fingerprint_indexed = false;
    std::optional<std::string> embedding_model;
    std::optional<int> embedding_dim;
    std::vector<TagWeight> tags;  ///< from the embedding model, most likely first; empty when it gives none

    TrackState state = TrackState::pending;
    Timestamp ingested_at{};  ///< set by the catalog on insert
    Timestamp updated_at{};   ///< set by the catalog on every change
};

}  // namespace audio_ident::catalog
