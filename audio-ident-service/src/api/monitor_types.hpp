#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/delivery_store.hpp"

// Requests and responses about monitors and what they play. Described once (BOOST_DESCRIBE): JSON, the checks of
// requests and /openapi.json follow from here and from api/constraints.cpp. docs/api-contract.md shows the same types
// in TypeScript; a test compares them.

namespace audio_ident::api::wire {

struct MonitorForm {
    std::optional<std::string> name;
    std::optional<std::string> source;
    double min_confidence = 0.5;
};
BOOST_DESCRIBE_STRUCT(MonitorForm, (), (name, source, min_confidence))

struct MonitorChangeForm {
    std::optional<std::string> name;
    std::optional<std::string> source;
    std::optional<double> min_confidence;
    std::optional<bool> paused;
};
BOOST_DESCRIBE_STRUCT(MonitorChangeForm, (), (name, source, min_confidence, paused))

enum class MonitorStatus { waiting, connecting, listening, failing, ended, paused };
BOOST_DESCRIBE_ENUM(MonitorStatus, waiting, connecting, listening, failing, ended, paused)

struct Monitor {
    std::string id;
    std::string name;
    std::string source;
    double min_confidence = 0;
    std::string created_at;
    MonitorStatus status = MonitorStatus::waiting;
    std::optional<std::string> detail;
    std::string status_at;
    std::optional<std::string> heard_at;
    std::optional<std::string> hint;
};
BOOST_DESCRIBE_STRUCT(Monitor, (),
                      (id, name, source, min_confidence, created_at, status, detail, status_at, heard_at, hint))

struct MonitorList {
    std::vector<Monitor> items;
};
BOOST_DESCRIBE_STRUCT(MonitorList, (), (items))

struct Outage {
    std::string started_at;
    std::optional<std::string> ended_at;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(Outage, (), (started_at, ended_at, reason))

struct OutageList {
    std::vector<Outage> items;
};
BOOST_DESCRIBE_STRUCT(OutageList, (), (items))

struct PlayGap {
    std::string from;
    std::string to;
};
BOOST_DESCRIBE_STRUCT(PlayGap, (), (from, to))

struct Play {
    std::string id;
    std::string monitor_id;
    std::string monitor;
    std::string track_id;
    std::string title;
    std::optional<std::string> artist;
    std::string started_at;
    std::string ended_at;
    double place_seconds = 0;
    double end_place_seconds = 0;
    double speed = 1;
    double pitch = 1;
    double confidence = 0;
    std::vector<PlayGap> gaps;
    bool final = false;
    std::optional<std::string> hint;
};
BOOST_DESCRIBE_STRUCT(Play, (),
                      (id, monitor_id, monitor, track_id, title, artist, started_at, ended_at, place_seconds,
                       end_place_seconds, speed, pitch, confidence, gaps, final, hint))

/// What the webhook gets.
struct PlayEvent {
    std::string id;
    std::string type;
    std::string created_at;
    Play play;
};
BOOST_DESCRIBE_STRUCT(PlayEvent, (), (id, type, created_at, play))

struct PlaysQuery {
    std::optional<std::string> monitor;
    std::optional<std::string> track;
    std::optional<std::string> from;
    std::optional<std::string> to;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
};
BOOST_DESCRIBE_STRUCT(PlaysQuery, (), (monitor, track, from, to, page, per_page))

struct PlayPage {
    std::vector<Play> items;
    std::int64_t total = 0;
    std::int64_t page = 1;
    std::int64_t per_page = 50;
    std::int64_t pages = 0;
};
BOOST_DESCRIBE_STRUCT(PlayPage, (), (items, total, page, per_page, pages))

enum class PlayFormat { json, csv };
BOOST_DESCRIBE_ENUM(PlayFormat, json, csv)

struct PlayExportQuery {
    std::optional<std::string> monitor;
    std::optional<std::string> track;
    std::optional<std::string> from;
    std::optional<std::string> to;
    PlayFormat format = PlayFormat::json;
};
BOOST_DESCRIBE_STRUCT(PlayExportQuery, (), (monitor, track, from, to, format))

struct PlayList {
    std::vector<Play> items;
};
BOOST_DESCRIBE_STRUCT(PlayList, (), (items))

enum class PlayTotalsBy { track, artist, day };
BOOST_DESCRIBE_ENUM(PlayTotalsBy, track, artist, day)

struct PlayTotalsQuery {
    std::optional<std::string> monitor;
    std::optional<std::string> track;
    std::optional<std::string> from;
    std::optional<std::string> to;
    PlayTotalsBy by = PlayTotalsBy::track;
    std::int64_t limit = 100;
};
BOOST_DESCRIBE_STRUCT(PlayTotalsQuery, (), (monitor, track, from, to, by, limit))

struct PlayTotal {
    std::optional<std::string> track_id;
    std::string name;
    std::optional<std::string> artist;
    std::int64_t plays = 0;
    double seconds = 0;
};
BOOST_DESCRIBE_STRUCT(PlayTotal, (), (track_id, name, artist, plays, seconds))

struct PlayTotals {
    std::vector<PlayTotal> items;
};
BOOST_DESCRIBE_STRUCT(PlayTotals, (), (items))

}  // namespace audio_ident::api::wire

namespace audio_ident::api {

wire::Monitor monitor_of(const catalog::MonitorRow& row);
wire::Outage outage_of(const catalog::OutageRow& row);
/// `monitor`: the name of the play's monitor.
wire::Play play_of(const catalog::PlayRow& row, const std::string& monitor);
/// What tells the webhook of a play; its id is that of the play.
enum class PlayEventType { final_play, test };
wire::PlayEvent play_event_of(const catalog::Delivery& delivery, PlayEventType type = PlayEventType::final_play);
wire::PlayTotal play_total_of(const catalog::PlayTotal& total);

/// Plays as a file (RFC 4180) with a header, oldest first. Columns are only ever added at the end.
std::string plays_csv(const std::vector<wire::Play>& plays);

}  // namespace audio_ident::api
