#include "api/timeline_job_types.hpp"

#include "api/rounding.hpp"
#include "catalog/timestamp_text.hpp"

namespace audio_ident::api {
namespace {

std::optional<std::string> time_text(const std::optional<catalog::Timestamp>& time) {
    return time ? std::optional(catalog::timestamp_to_text(*time)) : std::nullopt;
}

/// What a row says of a timeline whether it is listed or shown.
template <typename Words>
Words words_of(const catalog::TimelineRow& row) {
    Words words;
    words.id = row.id.to_string();
    words.name = row.name;
    words.status = to_wire(row.status);
    words.created_at = catalog::timestamp_to_text(row.created_at);
    words.finished_at = time_text(row.finished_at);
    words.error = row.error;
    words.restarts = row.restarts;
    words.min_confidence = row.min_confidence;
    words.heard_seconds = hundredths(row.heard_seconds);
    words.total_seconds = hundredths(row.total_seconds);
    return words;
}

}  // namespace

wire::TimelineSummary timeline_summary(const catalog::TimelineRow& row) {
    auto summary = words_of<wire::TimelineSummary>(row);
    summary.entries = row.entries;
    return summary;
}

wire::TimelineJob timeline_job(const catalog::TimelineRow& row) {
    return words_of<wire::TimelineJob>(row);
}

}  // namespace audio_ident::api
