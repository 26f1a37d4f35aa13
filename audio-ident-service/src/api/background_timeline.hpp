#pragma once

#include "api/unfinished_timelines.hpp"
#include "jobs/run_work.hpp"
#include "jobs/timeline_files.hpp"
#include "library/library.hpp"

namespace audio_ident::api {

/// Makes timelines, and stores them in the library's catalog. `library` and `live` outlive it.
jobs::MakeTimeline background_timeline(library::Library& library, const jobs::TimelineFiles& files,
                                       UnfinishedTimelines& unfinished);

}  // namespace audio_ident::api
