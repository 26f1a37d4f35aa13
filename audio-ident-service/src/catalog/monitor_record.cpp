#include "catalog/monitor_record.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "catalog/stored_time.hpp"
#include "catalog/track_record.hpp"

namespace audio_ident::catalog {
namespace {

Uuid stored_uuid(const std::string& text) {
    const auto id = Uuid::parse(text);
    if (!id) throw BadStoredValue("'" + text + "' is not an id");
    return *id;
}

std::string gaps_text(const std::vector<PlayGap>& gaps) {
    boost::json::array list;
    for (const PlayGap& gap : gaps)
        list.push_back(boost::json::array{timestamp_to_text(gap.from), timestamp_to_text(gap.to)});
    return boost::json::serialize(list);
}

std::vector<PlayGap> stored_gaps(const std::string& text) {
    std::vector<PlayGap> gaps;
    try {
        const auto list = boost::json::parse(text);
        for (const auto& gap : list.as_array()) {
            const auto& ends = gap.as_array();
            gaps.push_back(
                {stored_time(std::string(ends.at(0).as_string())), stored_time(std::string(ends.at(1).as_string()))});
        }
    } catch (const BadStoredValue&) {
        throw;
    } catch (const std::exception&) {
        throw BadStoredValue("'" + text + "' are not the gaps of a play");
    }
    return gaps;
}

}  // namespace

MonitorRecord::MonitorRecord(const MonitorRow& row)
    : id_(row.id.to_string()),
      name_(row.name),
      source_(row.source),
      min_confidence_(row.min_confidence),
      paused_(row.paused ? 1 : 0),
      created_at_(timestamp_to_text(row.created_at)),
      status_(boost::describe::enum_to_string(row.now.status, "waiting")),
      detail_(row.now.detail),
      status_at_(timestamp_to_text(row.now.status_at)),
      heard_at_(time_text(row.now.heard_at)),
      hint_(row.now.hint) {}

MonitorRow MonitorRecord::row() const {
    MonitorRow row;
    row.id = stored_uuid(id_);
    row.name = name_;
    row.source = source_;
    row.min_confidence = min_confidence_;
    row.paused = paused_ != 0;
    row.created_at = stored_time(created_at_);
    if (!boost::describe::enum_from_string(status_.c_str(), row.now.status))
        throw BadStoredValue("'" + status_ + "' is not the status of a monitor");
    row.now.detail = detail_.get<std::string>();
    row.now.status_at = stored_time(status_at_);
    row.now.heard_at = stored_time(heard_at_);
    row.now.hint = hint_.get<std::string>();
    return row;
}

PlayRecord::PlayRecord(const PlayRow& row)
    : id_(row.id.to_string()),
      monitor_id_(row.monitor.to_string()),
      track_id_(row.track.to_string()),
      title_(row.title),
      artist_(row.artist),
      started_at_(timestamp_to_text(row.started_at)),
      ended_at_(timestamp_to_text(row.ended_at)),
      place_seconds_(row.place_seconds),
      end_place_seconds_(row.end_place_seconds),
      speed_(row.speed),
      pitch_(row.pitch),
      confidence_(row.confidence),
      gaps_(gaps_text(row.gaps)),
      final_(row.final ? 1 : 0),
      hint_(row.hint) {}

PlayRow PlayRecord::row() const {
    PlayRow row;
    row.id = stored_uuid(id_);
    row.monitor = stored_uuid(monitor_id_);
    row.track = stored_id(track_id_);
    row.title = title_;
    row.artist = artist_.get<std::string>();
    row.started_at = stored_time(started_at_);
    row.ended_at = stored_time(ended_at_);
    row.place_seconds = place_seconds_;
    row.end_place_seconds = end_place_seconds_;
    row.speed = speed_;
    row.pitch = pitch_;
    row.confidence = confidence_;
    row.gaps = stored_gaps(gaps_);
    row.final = final_ != 0;
    row.hint = hint_.get<std::string>();
    return row;
}

OutageRecord::OutageRecord(const OutageRow& row)
    : id_(row.id.to_string()),
      monitor_id_(row.monitor.to_string()),
      started_at_(timestamp_to_text(row.started_at)),
      ended_at_(time_text(row.ended_at)),
      reason_(row.reason) {}

OutageRow OutageRecord::row() const {
    return {stored_uuid(id_), stored_uuid(monitor_id_), stored_time(started_at_), stored_time(ended_at_), reason_};
}

SoundRecord::SoundRecord(const SoundRow& row)
    : id_(row.id.to_string()),
      monitor_id_(row.monitor.to_string()),
      number_(row.number),
      first_heard_at_(timestamp_to_text(row.first_heard_at)),
      last_heard_at_(timestamp_to_text(row.last_heard_at)),
      seconds_(row.seconds),
      track_id_(row.track ? std::optional(row.track->to_string()) : std::nullopt) {}

SoundRow SoundRecord::row() const {
    SoundRow row;
    row.id = stored_uuid(id_);
    row.monitor = stored_uuid(monitor_id_);
    row.number = number_;
    row.first_heard_at = stored_time(first_heard_at_);
    row.last_heard_at = stored_time(last_heard_at_);
    row.seconds = seconds_;
    if (const auto track = track_id_.get<std::string>()) row.track = stored_id(*track);
    return row;
}

SoundPlayRecord::SoundPlayRecord(const SoundPlayRow& row)
    : id_(row.id.to_string()),
      sound_id_(row.sound.to_string()),
      started_at_(timestamp_to_text(row.started_at)),
      ended_at_(timestamp_to_text(row.ended_at)) {}

SoundPlayRow SoundPlayRecord::row() const {
    return {stored_uuid(id_), stored_uuid(sound_id_), stored_time(started_at_), stored_time(ended_at_)};
}

}  // namespace audio_ident::catalog
