#include "http/schema.hpp"

#include <map>

#include "util/utf8.hpp"

namespace audio_ident::http {
namespace {

using Object = boost::json::object;

Object uuid() {
    return {{"format", "uuid"}};
}
Object date_time() {
    return {{"format", "date-time"}};
}
Object share() {
    return {{"minimum", 0}, {"maximum", 1}};
}

/// 10^9 pages and tracks: no product overflows, and no library is larger.
const std::map<std::string, Object, std::less<>> kConstraints = {
    {"SearchForm.mode", {{"default", "both"}, {"description", "Which lanes to search"}}},
    {"SearchForm.max_results",
     {{"default", 10}, {"minimum", 1}, {"maximum", 50}, {"description", "Matches a lane, at most"}}},
    {"SearchForm.diverse",
     {{"default", false}, {"description", "Vibe matches that are similar to the clip and not to each other"}}},
    {"SimilarQuery.at",
     {{"minimum", 0},
      {"maximum", 1'000'000},
      {"description", "Like the ten seconds from here, in seconds; absent: like the whole track"}}},
    {"SimilarQuery.limit", {{"default", 10}, {"minimum", 1}, {"maximum", 50}}},
    {"SimilarQuery.diverse", {{"default", false}, {"description", "Tracks that are not similar to each other"}}},
    {"IngestForm.directory",
     {{"minLength", 1},
      {"maxLength", 4096},
      {"description", "A folder of the server, below one of INGEST_ROOTS; starts a job"}}},
    {"TracksQuery.page", {{"default", 1}, {"minimum", 1}, {"maximum", 1'000'000'000}}},
    {"TracksQuery.per_page", {{"default", 50}, {"minimum", 1}, {"maximum", 500}}},
    {"TracksQuery.search",
     {{"default", ""}, {"maxLength", 500}, {"description", "Part of the title or artist, in any case"}}},
    {"TracksQuery.sort", {{"default", "added"}, {"description", "Texts without regard to case, what is absent last"}}},
    {"TracksQuery.order", {{"description", "Absent: the newest first, all else from A to Z or the shortest first"}}},
    {"AudioQuery.as",
     {{"default", "original"}, {"description", "opus: transcoded (mono), for what a browser cannot play"}}},
    {"TrackInfo.id", uuid()},
    {"TrackInfo.ingested_at", date_time()},
    {"TrackDetail.id", uuid()},
    {"TrackDetail.ingested_at", date_time()},
    {"TrackDetail.updated_at", date_time()},
    {"TrackDetail.file_hash_sha256", {{"pattern", "^[0-9a-f]{64}$"}}},
    {"ExactMatch.confidence", share()},
    {"ExactMatch.aligned_hashes", {{"minimum", 0}}},
    {"VibeMatch.similarity", share()},
    {"VibeMatch.matched_chunks", {{"minimum", 0}}},
    {"TagWeight.probability", share()},
    {"SearchResponse.request_id", uuid()},
    {"SearchResponse.query_duration_ms", {{"minimum", 0}}},
    {"Waveform.track_id", uuid()},
    {"Waveform.peaks", {{"description", "Largest amplitude of each of as many equal parts of the track, 0 to 1"}}},
    {"LibraryCounts.tracks", {{"description", "That are complete and searched"}}},
    {"LibraryCounts.unfinished", {{"description", "Begun; the next ingest completes them"}}},
    {"LibraryCounts.fingerprinted", {{"description", "That the exact lane finds"}}},
    {"LibraryCounts.embedded", {{"description", "That the vibe lane finds; null without one"}}},
    {"IngestResponse.track_id", uuid()},
    {"IngestJob.id", uuid()},
    {"IngestJob.created_at", date_time()},
};

std::int64_t bound(const Object& constraints, std::string_view name, std::int64_t fallback) {
    const auto* value = constraints.if_contains(name);
    return value ? value->to_number<std::int64_t>() : fallback;
}

}  // namespace

const Object& constraints_of(std::string_view type_and_member) {
    static const Object kNone;
    const auto found = kConstraints.find(type_and_member);
    return found == kConstraints.end() ? kNone : found->second;
}

Unexpected invalid_field(std::string_view field, std::string problem) {
    return Unexpected(Error{ErrorKind::invalid_input, fmt::format("{} {}", field, problem), {}});
}

Result<void> check_text(std::string_view field, std::string_view text, const Object& constraints) {
    const auto length = static_cast<std::int64_t>(util::code_point_count(text));
    const auto low = bound(constraints, "minLength", 0);
    const auto high = bound(constraints, "maxLength", INT64_MAX);
    if (!util::is_utf8(text) || text.find('\0') != std::string_view::npos) return invalid_field(field, "must be UTF-8");
    if (length < low) return invalid_field(field, "must not be empty");
    if (length > high) return invalid_field(field, fmt::format("must have at most {} characters", high));
    return {};
}

Result<void> check_number(std::string_view field, double number, const Object& constraints) {
    const auto low = bound(constraints, "minimum", INT64_MIN);
    const auto high = bound(constraints, "maximum", INT64_MAX);
    if (number >= static_cast<double>(low) && number <= static_cast<double>(high)) return {};
    return invalid_field(field, fmt::format("must be from {} to {}", low, high));
}

Result<void> check_number(std::string_view field, std::int64_t number, const Object& constraints) {
    const auto low = bound(constraints, "minimum", INT64_MIN);
    const auto high = bound(constraints, "maximum", INT64_MAX);
    if (number >= low && number <= high) return {};
    return invalid_field(field, fmt::format("must be from {} to {}", low, high));
}

}  // namespace audio_ident::http
