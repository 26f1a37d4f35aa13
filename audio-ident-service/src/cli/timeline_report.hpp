#pragma once

#include <optional>
#include <span>
#include <string>

#include "api/timeline_text.hpp"
#include "library/timelines.hpp"

namespace audio_ident::cli {

/// What was heard how often and how long in these recordings together: tracks, artists, and what has a name and was
/// heard more than once, each by how long. As a table; as CSV with a header; as one JSON object. Other formats give the
/// table. Ends with a line feed.
std::string timeline_report(std::span<const library::RecordingTimeline> timelines,
                            std::optional<api::TimelineFormat> format);

}  // namespace audio_ident::cli
