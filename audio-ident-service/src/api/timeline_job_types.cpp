#include "api/timeline_job_types.hpp"

#include <cmath>

#include "catalog/timestamp_text.hpp"

namespace audio_ident::api {
namespace {

double hundredths(double value) {
    return std::round(value * 1e2) / 1e2;
}

std::optional<double> hundredths(const std::optional<double>& value) {
    return value ? std::optional(hundredths(*value)) : std::nullopt;
}

std::optional<std::string> time_text(const std::optional<catalog::Timestamp>& time) {
    return time ? std::optional(catalog::timestamp_to_text(*time)) : std::nullopt;
}

}  // namespace

wire::TimelineSummary timeline_summary(const catalog::TimelineRow& row) {
    return {.id = row.id.to_string(),
            .name = row.name,
            .status = to_wire(row.status),
            .created_at = catalog::timestamp_to_text(row.created_at),
            .finished_at = time_text(row.finished_at),
            .error = row.error,
            .restarts = row.restarts,
            .min_confidence = row.min_confidence,
            .heard_seconds = hundredths(row.heard_seconds),
            .total_seconds = hundredths(row.total_seconds),
            .entries = row.entries};
}

wire::TimelineJob timeline_job(const catalog::TimelineRow& row) {
    return {.id = row.id.to_string(),
            .name = row.name,
            .status = to_wire(row.status),
            .created_at = catalog::timestamp_to_text(row.created_at),
            .finished_at = time_text(row.finished_at),
            .error = row.error,
            .restarts = row.restarts,
            .min_confidence = row.min_confidence,
            .heard_seconds = hundredths(row.heard_seconds),
            .total_seconds = hundredths(row.total_seconds),
            .timeline = {}};
}

}  // namespace audio_ident::api
