#pragma once

#include <filesystem>
#include <optional>

#include "api/routes.hpp"
#include "catalog/timeline_store.hpp"
#include "http/message.hpp"
#include "library/timelines.hpp"

namespace audio_ident::api {

/// A timeline as it is at this moment: its row, and what its job says that is newer.
struct TimelineNow {
    catalog::TimelineRow row;
    double resumed_seconds = 0;
};

/// The timeline that the path's {id} names. Fails with the contract's codes.
Result<TimelineNow> find_timeline(const TimelineDoor& door, const http::Request& request);
/// Puts what the job knows into the row.
void bring_up_to_date(TimelineNow& now, const jobs::Job& job);

/// The file of the recording, which may be gone.
std::filesystem::path recording_of(const catalog::TimelineRow& row);
bool can_play(const TimelineDoor& door, const catalog::TimelineRow& row);

/// A stored result, and its revision.
struct FoundResult {
    library::RecordingTimeline timeline;
    std::int64_t revision = 0;
};
/// nullopt while there is none. Says which tracks are gone.
Result<std::optional<FoundResult>> find_result(const TimelineDoor& door, const Uuid& id, const Deadline& deadline);
/// The result of this timeline. Fails with not_finished when there is none.
Result<FoundResult> result_of(const TimelineDoor& door, const TimelineNow& now, const Deadline& deadline);

}  // namespace audio_ident::api
