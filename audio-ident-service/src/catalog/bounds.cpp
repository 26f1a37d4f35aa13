#include "catalog/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "util/utf8.hpp"

namespace audio_ident::catalog {
namespace {

constexpr std::size_t kTextCharacters = 500;
constexpr std::size_t kFormatCharacters = 20;
constexpr std::size_t kModelCharacters = 100;

bool is_text(std::string_view value) {
    return util::is_utf8(value) && value.find('\0') == std::string_view::npos;
}

bool fits(const std::optional<std::string>& value, std::size_t characters) {
    return !value || (is_text(*value) && util::code_point_count(*value) <= characters);
}

bool is_hash(std::string_view value) {
    return value.size() == 64 &&
           std::ranges::all_of(value, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_seconds(double value) {
    return std::isfinite(value) && value >= 0;
}

}  // namespace

Result<void> check_bounds(const Track& track) {
    const auto require = [&](bool holds, std::string_view column, std::string_view rule) -> Result<void> {
        if (holds) return {};
        return fail(ErrorKind::invalid_input, "track {}: {} must be {}", track.id.to_string(), column, rule);
    };
    constexpr std::string_view kText = "UTF-8 of at most 500 characters";
    const auto each = {
        require(track.id != TrackId(), "id", "set"),
        require(!track.title.empty() && fits(track.title, kTextCharacters), "title", "UTF-8 of 1 to 500 characters"),
        require(fits(track.artist, kTextCharacters), "artist", kText),
        require(fits(track.album, kTextCharacters), "album", kText),
        require(is_seconds(track.duration_seconds), "duration_seconds", "0 or more"),
        require(track.sample_rate.value_or(1) > 0, "sample_rate", "above 0"),
        require(track.channels.value_or(1) > 0, "channels", "above 0"),
        require(track.bitrate.value_or(0) >= 0, "bitrate", "0 or more"),
        require(fits(track.format, kFormatCharacters), "format", "UTF-8 of at most 20 characters"),
        require(track.audio_stream.value_or(1) > 0, "audio_stream", "above 0"),
        require(track.audio_streams.value_or(1) > 0, "audio_streams", "above 0"),
        require(is_seconds(track.stated_seconds.value_or(0)), "stated_seconds", "0 or more"),
        require(track.damaged_frames >= 0, "damaged_frames", "0 or more"),
        require(is_hash(track.file_hash_sha256), "file_hash_sha256", "64 lower-case hexadecimal digits"),
        require(track.file_size_bytes >= 0, "file_size_bytes", "0 or more"),
        require(track.file_path.starts_with('/') && is_text(track.file_path), "file_path", "an absolute path as text"),
        require(is_text(track.chromaprint_fingerprint.value_or("")), "chromaprint_fingerprint", "text"),
        require(is_seconds(track.chromaprint_duration.value_or(0)), "chromaprint_duration", "0 or more"),
        require(fits(track.embedding_model, kModelCharacters), "embedding_model", "UTF-8 of at most 100 characters"),
        require(track.embedding_dim.value_or(1) > 0, "embedding_dim", "above 0"),
    };
    for (const Result<void>& result : each) {
        if (!result) return result;
    }
    return {};
}

Result<void> check_bounds(const ListQuery& query) {
    if (query.limit < 1) return fail(ErrorKind::invalid_input, "a page must hold at least one track");
    if (query.offset < 0) return fail(ErrorKind::invalid_input, "a page cannot begin before the first track");
    if (!is_text(query.search)) return fail(ErrorKind::invalid_input, "the search text is not UTF-8");
    return {};
}

}  // namespace audio_ident::catalog
