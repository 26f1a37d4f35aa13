#include "api/track_types.hpp"

#include "catalog/timestamp_text.hpp"

namespace audio_ident::api {

wire::TrackDetail track_detail(const catalog::Track& track) {
    return {.id = track.id.to_string(),
            .title = track.title,
            .artist = track.artist,
            .album = track.album,
            .duration_seconds = track.duration_seconds,
            .ingested_at = catalog::timestamp_to_text(track.ingested_at),
            .updated_at = catalog::timestamp_to_text(track.updated_at),
            .sample_rate = track.sample_rate,
            .channels = track.channels,
            .bitrate = track.bitrate,
            .format = track.format,
            .file_hash_sha256 = track.file_hash_sha256,
            .file_size_bytes = track.file_size_bytes,
            .file_path = track.file_path,
            .fingerprint_indexed = track.fingerprint_indexed,
            .embedding_model = track.embedding_model,
            .embedding_dim = track.embedding_dim,
            .audio_stream = track.audio_stream,
            .audio_streams = track.audio_streams,
            .stated_seconds = track.stated_seconds,
            .damaged_frames = track.damaged_frames,
            .kin_id = track.kin ? std::optional(track.kin->to_string()) : std::nullopt};
}

}  // namespace audio_ident::api
