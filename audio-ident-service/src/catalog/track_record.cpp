#include "catalog/track_record.hpp"

#include <boost/json.hpp>

#include "catalog/search_text.hpp"
#include "catalog/stored_time.hpp"
#include "util/json.hpp"

namespace audio_ident::catalog {
namespace {

const std::string kPending = "pending";
const std::string kReady = "ready";

std::optional<std::string> tags_to_text(const std::vector<TagWeight>& tags) {
    if (tags.empty()) return std::nullopt;
    boost::json::object object;
    for (const TagWeight& tag : tags) object[tag.name] = tag.probability;
    return util::json_text(object);
}

std::vector<TagWeight> stored_tags(const std::string& text) {
    boost::system::error_code error;
    const auto value = boost::json::parse(text, error);
    if (error || !value.is_object()) throw BadStoredValue("'" + text + "' is not a list of tags");
    std::vector<TagWeight> tags;
    for (const auto& [name, probability] : value.get_object()) {
        if (!probability.is_number()) throw BadStoredValue("'" + text + "' is not a list of tags");
        tags.push_back({std::string(name), probability.to_number<double>()});
    }
    return tags;
}

}  // namespace

const std::string& to_text(TrackState state) {
    return state == TrackState::ready ? kReady : kPending;
}

TrackId stored_id(const std::string& text) {
    const auto id = TrackId::parse(text);
    if (!id) throw BadStoredValue("'" + text + "' is not a track id");
    return *id;
}

TrackState stored_state(const std::string& text) {
    if (text == kReady) return TrackState::ready;
    if (text == kPending) return TrackState::pending;
    throw BadStoredValue("'" + text + "' is not a track state");
}

TrackRecord::TrackRecord(const Track& track)
    : id_(track.id.to_string()),
      title_(track.title),
      artist_(track.artist),
      album_(track.album),
      duration_seconds_(track.duration_seconds),
      sample_rate_(track.sample_rate),
      channels_(track.channels),
      bitrate_(track.bitrate),
      format_(track.format),
      audio_stream_(track.audio_stream),
      audio_streams_(track.audio_streams),
      stated_seconds_(track.stated_seconds),
      damaged_frames_(track.damaged_frames),
      kin_(track.kin ? std::optional(track.kin->to_string()) : std::nullopt),
      file_hash_sha256_(track.file_hash_sha256),
      file_size_bytes_(track.file_size_bytes),
      file_path_(track.file_path),
      file_modified_ns_(track.file_modified_ns),
      chromaprint_fingerprint_(track.chromaprint_fingerprint),
      chromaprint_duration_(track.chromaprint_duration),
      fingerprint_indexed_(track.fingerprint_indexed ? 1 : 0),
      embedding_model_(track.embedding_model),
      embedding_dim_(track.embedding_dim),
      tags_(tags_to_text(track.tags)),
      state_(to_text(track.state)),
      ingested_at_(timestamp_to_text(track.ingested_at)),
      updated_at_(timestamp_to_text(track.updated_at)),
      search_text_(catalog::search_text(track.title, track.artist)) {}

Track TrackRecord::track() const {
    Track track;
    track.id = stored_id(id_);
    track.title = title_;
    track.artist = artist_.get<std::string>();
    track.album = album_.get<std::string>();
    track.duration_seconds = duration_seconds_;
    track.sample_rate = sample_rate_.get<int>();
    track.channels = channels_.get<int>();
    track.bitrate = bitrate_.get<int>();
    track.format = format_.get<std::string>();
    track.audio_stream = audio_stream_.get<int>();
    track.audio_streams = audio_streams_.get<int>();
    track.stated_seconds = stated_seconds_.get<double>();
    track.damaged_frames = damaged_frames_;
    if (const auto kin = kin_.get<std::string>()) track.kin = stored_id(*kin);
    track.file_hash_sha256 = file_hash_sha256_;
    track.file_size_bytes = file_size_bytes_;
    track.file_path = file_path_;
    track.file_modified_ns = file_modified_ns_;
    track.chromaprint_fingerprint = chromaprint_fingerprint_.get<std::string>();
    track.chromaprint_duration = chromaprint_duration_.get<double>();
    track.fingerprint_indexed = fingerprint_indexed_ != 0;
    track.embedding_model = embedding_model_.get<std::string>();
    track.embedding_dim = embedding_dim_.get<int>();
    if (const auto tags = tags_.get<std::string>()) track.tags = stored_tags(*tags);
    track.state = stored_state(state_);
    track.ingested_at = stored_time(ingested_at_);
    track.updated_at = stored_time(updated_at_);
    return track;
}

}  // namespace audio_ident::catalog
