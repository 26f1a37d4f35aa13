#include "ingest/track_row.hpp"

#include <optional>
#include <string_view>

#include "util/path_text.hpp"
#include "util/utf8.hpp"

namespace audio_ident::ingest {

namespace {

constexpr std::size_t kMaxTextCodePoints = 500;
constexpr std::size_t kMaxFormatCodePoints = 20;

std::optional<std::string> column(const std::optional<std::string>& text, std::size_t max_code_points) {
    if (!text) return std::nullopt;
    const std::string clean = util::sanitise_utf8(*text);
    const std::string_view trimmed =
        util::trim_space(util::first_code_points(util::trim_space(clean), max_code_points));
    if (trimmed.empty()) return std::nullopt;
    return std::string(trimmed);
}

std::string title_of(const FileEntry& file, const audio::Tags& tags) {
    if (auto title = column(tags.title, kMaxTextCodePoints)) return *title;
    if (auto name = column(util::path_to_text(file.path.stem().native()), kMaxTextCodePoints)) return *name;
    return "untitled";
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
    track.title = title_of(file, info.tags);
    track.artist = column(info.tags.artist, kMaxTextCodePoints);
    track.album = column(info.tags.album, kMaxTextCodePoints);
    track.duration_seconds = analysis.decoded.duration_seconds;
    track.sample_rate = positive(info.sample_rate_hz);
    track.channels = positive(info.channels);
    track.bitrate = positive(info.bitrate_bps.value_or(0));
    track.format = column(info.format, kMaxFormatCodePoints);
    track.file_hash_sha256 = sha256;
    track.file_size_bytes = file.status.size_bytes;
    track.file_path = util::path_to_text(file.path.native());
    track.file_modified_ns = file.status.modified_ns;
    track.chromaprint_fingerprint = analysis.chromaprint;
    if (analysis.chromaprint) track.chromaprint_duration = analysis.chromaprint_seconds;
    return track;
}

}  // namespace audio_ident::ingest
