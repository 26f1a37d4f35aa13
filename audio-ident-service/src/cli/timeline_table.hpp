#pragma once

#include <string>

#include "library/timelines.hpp"

namespace audio_ident::cli {

/// A line for each entry and gap, by time: from, to, track, where in the track it begins, how it is played, how sure.
/// Ends with a line feed.
std::string timeline_table(const library::RecordingTimeline& timeline);

/// "0:34:10 of 2:00:00, 160x real time, 33 s left"
std::string progress_text(const library::TimelineProgress& progress, double elapsed_seconds);

}  // namespace audio_ident::cli
