#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "library/timelines.hpp"

namespace audio_ident::library {

// A timeline as one line of JSON, which the catalog keeps:
//
//   {"seconds":7200.1,"damaged_frames":0,
//    "tracks":[{"id":"…","title":"…","artist":null,"album":null,"duration_seconds":181.2,"ingested_at":"…",
//               "file_path":"…"}],
//    "entries":[{"track":0,"heard":[12.5,193.1],"confidence":0.998,"aligned":212,"weight":801.5,
//                "window_confidence":0.99,"first":[0.0,1.0,1.0],"last":[180.6,1.0,1.0],"evidence":[[12.5,190.0]],
//                "others":[{"track":1,"confidence":0.2,"place_seconds":3.1}],"verdict":"accepted"}],
//    "gaps":[{"where":[0.0,12.5],"kind":"unknown","number":3,"times_heard":4,
//             "sounds_like":[{"track":1,"similarity":0.83}]}]}
//
// `tracks` has what a list shows of each track as it was then, so that a timeline stays readable when a track is
// removed or renamed; entries refer to it by number. Unknown members are ignored, and missing members keep their
// defaults, so that older and newer versions of the program read each other's timelines.

std::string timeline_to_text(const RecordingTimeline& timeline);
/// Fails with corrupt when the text is not a timeline.
Result<RecordingTimeline> timeline_from_text(std::string_view text);

}  // namespace audio_ident::library
