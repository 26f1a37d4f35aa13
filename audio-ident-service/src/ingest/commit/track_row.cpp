#include "ingest/commit/track_row.hpp"

#include <optional>
#include <utility>

#include "audio/tags.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

/// Returns the file's own tags. Without a title, adds what the file's name says.
audio::Tags tags_of(const FileEntry& file, const audio::Tags& tags) {
    if (tags.title) return tags;
    audio::Tags named = audio::tags_from_file_name(file.path);
    if (tags.artist) named.artist = tags.artist;
    if (tags.album) named.album = tags.album;
    return named;
}

std::optional<int> positive(int value) {
    return value > 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

catalog::Track make_track_row(const TrackId& id, const FileEntry& file, const std::string& sha256,
                              const Analysis& analysis) {
    const audio::StreamInfo& info = analysis.decoded.info;
    catalog::Track track;
    track.id = id;
    audio::Tags tags = tags_of(file, info.tags);
    track.title = tags.title.value_or("untitled");
    track.artist = std::move(tags.artist);
    track.album = std::move(tags.album);
    track.duration_seconds = analysis.decoded.duration_seconds;
    track.sample_rate = positive(info.sample_rate_hz);
    track.channels = positive(info.channels);
    track.bitrate = positive(info.bitrate_bps.value_or(0));
    if (!info.format.empty()) track.format = info.format;
    track.audio_stream = positive(info.chosen_stream);
    track.audio_streams = positive(info.audio_streams);
    track.stated_seconds = analysis.decoded.stated_seconds;
    track.damaged_frames = analysis.decoded.damaged_frames;
    track.file_hash_sha256 = sha256;
    track.file_size_bytes = file.status.size_bytes;
    track.file_path = util::path_to_text(file.path.native());
    track.file_modified_ns = file.status.modified_ns;
    track.chromaprint_fingerprint = analysis.chromaprint;
    if (analysis.chromaprint) track.chromaprint_duration = analysis.chromaprint_seconds;
    return track;
}

}  // namespace audio_ident::ingest
