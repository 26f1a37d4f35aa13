#pragma once

#include <stdexcept>
#include <string>

#include "catalog/track.hpp"
#include "lib/soci/query.hpp"

namespace audio_ident::catalog {

const std::string& to_text(TrackState state);

/// Thrown when a stored value is impossible, so another program must have written the row.
class BadStoredValue : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

TrackId stored_id(const std::string& text);
TrackState stored_state(const std::string& text);

/// A row of `tracks` with the member types that SOCI binds and fetches. Do not move it while a query uses it.
class TrackRecord {
  public:
    TrackRecord() = default;
    /// Also computes the column search_text from title and artist. Throws when they cannot be folded.
    explicit TrackRecord(const Track& track);

    /// Calls visit("column", member) for every column, always in the same order.
    template <typename Visit>
    void each_column(Visit visit) {
        visit("id", id_);
        visit("title", title_);
        visit("artist", artist_);
        visit("album", album_);
        visit("duration_seconds", duration_seconds_);
        visit("sample_rate", sample_rate_);
        visit("channels", channels_);
        visit("bitrate", bitrate_);
        visit("format", format_);
        visit("audio_stream", audio_stream_);
        visit("audio_streams", audio_streams_);
        visit("stated_seconds", stated_seconds_);
        visit("damaged_frames", damaged_frames_);
        visit("kin", kin_);
        visit("file_hash_sha256", file_hash_sha256_);
        visit("file_size_bytes", file_size_bytes_);
        visit("file_path", file_path_);
        visit("file_modified_ns", file_modified_ns_);
        visit("chromaprint_fingerprint", chromaprint_fingerprint_);
        visit("chromaprint_duration", chromaprint_duration_);
        visit("fingerprint_indexed", fingerprint_indexed_);
        visit("embedding_model", embedding_model_);
        visit("embedding_dim", embedding_dim_);
        visit("tags", tags_);
        visit("state", state_);
        visit("ingested_at", ingested_at_);
        visit("updated_at", updated_at_);
    }

    /// The row that was fetched last. Throws BadStoredValue.
    Track track() const;

    std::string& search_text() { return search_text_; }

  private:
    std::string id_;
    std::string title_;
    lib::Nullable<std::string> artist_;
    lib::Nullable<std::string> album_;
    double duration_seconds_ = 0;
    lib::Nullable<int> sample_rate_;
    lib::Nullable<int> channels_;
    lib::Nullable<int> bitrate_;
    lib::Nullable<std::string> format_;
    lib::Nullable<int> audio_stream_;
    lib::Nullable<int> audio_streams_;
    lib::Nullable<double> stated_seconds_;
    long long damaged_frames_ = 0;
    lib::Nullable<std::string> kin_;
    std::string file_hash_sha256_;
    long long file_size_bytes_ = 0;
    std::string file_path_;
    long long file_modified_ns_ = 0;
    lib::Nullable<std::string> chromaprint_fingerprint_;
    lib::Nullable<double> chromaprint_duration_;
    int fingerprint_indexed_ = 0;
    lib::Nullable<std::string> embedding_model_;
    lib::Nullable<int> embedding_dim_;
    lib::Nullable<std::string> tags_;
    std::string state_;
    std::string ingested_at_;
    std::string updated_at_;
    std::string search_text_;
};

}  // namespace audio_ident::catalog
