#include "api/monitor_types.hpp"

#include <fmt/format.h>

#include "api/rounding.hpp"
#include "api/timeline_text.hpp"
#include "catalog/timestamp_text.hpp"
#include "util/url.hpp"

namespace audio_ident::api {
namespace {

std::optional<std::string> time_text(const std::optional<catalog::Timestamp>& time) {
    return time ? std::optional(catalog::timestamp_to_text(*time)) : std::nullopt;
}

wire::MonitorStatus status_of(const catalog::MonitorRow& row) {
    using enum catalog::MonitorStatus;
    if (row.paused) return wire::MonitorStatus::paused;
    switch (row.now.status) {
        case waiting: return wire::MonitorStatus::waiting;
        case connecting: return wire::MonitorStatus::connecting;
        case listening: return wire::MonitorStatus::listening;
        case failing: return wire::MonitorStatus::failing;
        case ended: break;
    }
    return wire::MonitorStatus::ended;
}

}  // namespace

wire::Monitor monitor_of(const catalog::MonitorRow& row) {
    wire::Monitor words;
    words.id = row.id.to_string();
    words.name = row.name;
    words.source = util::mask_url(row.source);
    words.min_confidence = row.min_confidence;
    words.created_at = catalog::timestamp_to_text(row.created_at);
    words.status = status_of(row);
    if (!row.paused) words.detail = row.now.detail;
    words.status_at = catalog::timestamp_to_text(row.now.status_at);
    words.heard_at = time_text(row.now.heard_at);
    words.hint = row.now.hint;
    return words;
}

wire::Outage outage_of(const catalog::OutageRow& row) {
    return {catalog::timestamp_to_text(row.started_at), time_text(row.ended_at), row.reason};
}

wire::Play play_of(const catalog::PlayRow& row, const std::string& monitor) {
    wire::Play words;
    words.id = row.id.to_string();
    words.monitor_id = row.monitor.to_string();
    words.monitor = monitor;
    words.track_id = row.track.to_string();
    words.title = row.title;
    words.artist = row.artist;
    words.started_at = catalog::timestamp_to_text(row.started_at);
    words.ended_at = catalog::timestamp_to_text(row.ended_at);
    words.place_seconds = hundredths(row.place_seconds);
    words.end_place_seconds = hundredths(row.end_place_seconds);
    words.speed = ten_thousandths(row.speed);
    words.pitch = ten_thousandths(row.pitch);
    words.confidence = ten_thousandths(row.confidence);
    for (const auto& gap : row.gaps)
        words.gaps.push_back({catalog::timestamp_to_text(gap.from), catalog::timestamp_to_text(gap.to)});
    words.final = row.final;
    words.hint = row.hint;
    return words;
}

wire::PlayEvent play_event_of(const catalog::Delivery& delivery, PlayEventType type) {
    const auto play = play_of(delivery.play, delivery.monitor);
    return {play.id, type == PlayEventType::test ? "test" : "play.final",
            catalog::timestamp_to_text(delivery.created_at), play};
}

wire::PlayTotal play_total_of(const catalog::PlayTotal& total) {
    return {total.track ? std::optional(total.track->to_string()) : std::nullopt, total.name, total.artist, total.plays,
            hundredths(total.seconds)};
}

std::string plays_csv(const std::vector<wire::Play>& plays) {
    std::string text =
        "monitor,started_at,ended_at,title,artist,track_id,place_seconds,end_place_seconds,speed,pitch,confidence,"
        "final,gaps,hint\r\n";
    for (auto play = plays.rbegin(); play != plays.rend(); ++play) {
        std::string gaps;
        for (const auto& gap : play->gaps) gaps += (gaps.empty() ? "" : " ") + gap.from + "/" + gap.to;
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_cell(play->monitor), play->started_at,
                            play->ended_at, csv_cell(play->title), csv_cell(play->artist.value_or("")), play->track_id,
                            play->place_seconds, play->end_place_seconds, play->speed, play->pitch, play->confidence,
                            play->final, gaps, csv_cell(play->hint.value_or("")));
    }
    return text;
}

}  // namespace audio_ident::api
