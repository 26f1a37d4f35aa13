#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/ingest_types.hpp"
#include "api/timeline_text.hpp"
#include "api/timeline_types.hpp"
#include "catalog/timeline_store.hpp"
#include "search/confidence.hpp"

// Requests and responses about timelines that the service makes and keeps.
// Described once (BOOST_DESCRIBE): JSON, the checks of requests and /openapi.json follow from here and from
// api/constraints.cpp. docs/api-contract.md shows the same types in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct TimelineForm {
    std::optional<std::string> path;
    std::optional<std::string> name;
    double min_confidence = search::kDefaultMinConfidence;
};
BOOST_DESCRIBE_STRUCT(TimelineForm, (), (path, name, min_confidence))

struct TimelinesQuery {
    std::int64_t page = 1;
    std::int64_t per_page = 50;
};
BOOST_DESCRIBE_STRUCT(TimelinesQuery, (), (page, per_page))

struct TimelineSummary {
    std::string id;
    std::string name;
    JobStatus status = JobStatus::queued;
    std::string created_at;
    std::optional<std::string> finished_at;
    std::optional<std::string> error;
    std::int64_t restarts = 0;
    double min_confidence = 0;
    double heard_seconds = 0;
    std::optional<double> total_seconds;
    std::int64_t entries = 0;
};
BOOST_DESCRIBE_STRUCT(TimelineSummary, (),
                      (id, name, status, created_at, finished_at, error, restarts, min_confidence, heard_seconds,
                       total_seconds, entries))

struct TimelinePage {
    std::vector<TimelineSummary> items;
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    std::int64_t pages = 0;
};
BOOST_DESCRIBE_STRUCT(TimelinePage, (), (items, total, page, per_page, pages))

struct TimelineJob {
    std::string id;
    std::string name;
    JobStatus status = JobStatus::queued;
    std::string created_at;
    std::optional<std::string> finished_at;
    std::optional<std::string> error;
    std::int64_t restarts = 0;
    double min_confidence = 0;
    double heard_seconds = 0;
    double resumed_seconds = 0;
    std::optional<double> total_seconds;
    bool can_play = false;
    std::optional<Timeline> timeline;
};
BOOST_DESCRIBE_STRUCT(TimelineJob, (),
                      (id, name, status, created_at, finished_at, error, restarts, min_confidence, heard_seconds,
                       resumed_seconds, total_seconds, can_play, timeline))

struct TimelineExportQuery {
    TimelineFormat format = TimelineFormat::json;
};
BOOST_DESCRIBE_STRUCT(TimelineExportQuery, (), (format))

enum class TimelineJudgement { accepted, rejected, none };
BOOST_DESCRIBE_ENUM(TimelineJudgement, accepted, rejected, none)

struct TimelineEntryForm {
    std::optional<TimelineJudgement> verdict;
    std::optional<std::string> track_id;
};
BOOST_DESCRIBE_STRUCT(TimelineEntryForm, (), (verdict, track_id))

struct TimelineLearnForm {
    std::optional<double> start;
    std::optional<double> end;
    std::optional<std::string> title;
    std::optional<std::string> artist;
    std::optional<std::string> album;
};
BOOST_DESCRIBE_STRUCT(TimelineLearnForm, (), (start, end, title, artist, album))

struct TimelineWaveform {
    std::string timeline_id;
    double duration_seconds = 0;
    std::vector<double> peaks;
};
BOOST_DESCRIBE_STRUCT(TimelineWaveform, (), (timeline_id, duration_seconds, peaks))

}  // namespace audio_ident::api::wire

namespace audio_ident::api {

wire::TimelineSummary timeline_summary(const catalog::TimelineRow& row);
/// Without its timeline.
wire::TimelineJob timeline_job(const catalog::TimelineRow& row);

}  // namespace audio_ident::api
