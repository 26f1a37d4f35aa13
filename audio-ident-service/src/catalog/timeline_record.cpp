#include "catalog/timeline_record.hpp"

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include "catalog/stored_time.hpp"
#include "catalog/track_record.hpp"

namespace audio_ident::catalog {
TimelineRecord::TimelineRecord(const TimelineRow& row)
    : id_(row.id.to_string()),
      name_(row.name),
      recording_(row.recording),
      min_confidence_(row.min_confidence),
      created_at_(timestamp_to_text(row.created_at)),
      status_(boost::describe::enum_to_string(row.status, "failed")),
      finished_at_(time_text(row.finished_at)),
      error_(row.error),
      restarts_(row.restarts),
      heard_seconds_(row.heard_seconds),
      total_seconds_(row.total_seconds),
      entries_(row.entries) {}

TimelineRow TimelineRecord::row() const {
    TimelineRow row;
    const auto id = Uuid::parse(id_);
    if (!id) throw BadStoredValue("'" + id_ + "' is not the id of a timeline");
    row.id = *id;
    row.name = name_;
    row.recording = recording_;
    row.min_confidence = min_confidence_;
    row.created_at = stored_time(created_at_);
    if (!boost::describe::enum_from_string(status_.c_str(), row.status))
        throw BadStoredValue("'" + status_ + "' is not the status of a timeline");
    row.finished_at = stored_time(finished_at_);
    row.error = error_.get<std::string>();
    row.restarts = restarts_;
    row.heard_seconds = heard_seconds_;
    row.total_seconds = total_seconds_.get<double>();
    row.entries = entries_;
    return row;
}

}  // namespace audio_ident::catalog
