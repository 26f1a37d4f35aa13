#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/opus_cache.hpp"
#include "api/unfinished_timelines.hpp"
#include "http/metrics.hpp"
#include "http/route.hpp"
#include "jobs/jobs.hpp"
#include "jobs/timeline_files.hpp"
#include "library/library.hpp"
#include "monitor/unknown_sounds/sound_files.hpp"

// The endpoints of the API, by what they are about. What they refer to must outlive the routes.

namespace audio_ident::api {

/// The version of docs/api-contract.md.
inline constexpr std::string_view kApiVersion = "1.12.0";

struct About {
    std::string version;
    std::vector<std::pair<std::string, std::string>> components;  ///< linked libraries and their versions
};

/// The largest clip that a search accepts.
inline constexpr std::uint64_t kMaxClipBytes = std::uint64_t{10} << 20;
/// The largest file that is accepted as a track.
inline constexpr std::uint64_t kMaxTrackBytes = std::uint64_t{1} << 30;

/// health_routes.cpp: health, versions and metrics. A service that `is_leaving` is not ready.
std::vector<http::Route> health_routes(library::Library& library, const About& about, const http::Metrics& metrics,
                                       const std::function<bool()>& is_leaving);
/// search_routes.cpp
std::vector<http::Route> search_routes(library::Library& library, std::chrono::milliseconds timeout);
/// live_routes.cpp: an answer while the sound still plays, over a WebSocket.
std::vector<http::Route> live_routes(library::Library& library);
/// track_routes.cpp
std::vector<http::Route> track_routes(library::Library& library);
/// audio_routes.cpp: a track's audio file and its waveform.
std::vector<http::Route> audio_routes(library::Library& library, const OpusCache& opus);

struct IngestRules {
    std::filesystem::path uploads;             ///< receives uploaded files while they arrive
    std::vector<std::filesystem::path> roots;  ///< folders that may be ingested, with all below them
};
/// ingest_routes.cpp: adds uploads at once, and folders as jobs.
std::vector<http::Route> ingest_routes(library::Library& library, jobs::Jobs& jobs, const IngestRules& rules);
/// job_routes.cpp: the progress of ingest jobs.
std::vector<http::Route> job_routes(jobs::Jobs& jobs);

/// The largest recording that is accepted for a timeline.
inline constexpr std::uint64_t kMaxRecordingBytes = std::uint64_t{8} << 30;

/// What the routes of timelines need.
struct TimelineDoor {
    library::Library& library;
    jobs::Jobs& jobs;
    const UnfinishedTimelines& unfinished;
    jobs::TimelineFiles files;
    IngestRules rules;
};
/// timeline_routes.cpp: begins, lists, shows, follows and removes timelines.
std::vector<http::Route> timeline_routes(const TimelineDoor& door);
/// timeline_result_routes.cpp: exports a finished timeline, and changes it.
std::vector<http::Route> timeline_result_routes(const TimelineDoor& door);
/// timeline_recording_routes.cpp: the recording of a timeline and its waveform.
std::vector<http::Route> timeline_recording_routes(const TimelineDoor& door);

/// monitor_routes.cpp: stations that the service listens to. Files among their sources must be below the roots.
std::vector<http::Route> monitor_routes(library::Library& library, const IngestRules& rules);
/// sound_routes.cpp: unknown sounds that they play again and again.
std::vector<http::Route> sound_routes(library::Library& library, const monitor::SoundFiles& files);
/// play_routes.cpp: what they played.
std::vector<http::Route> play_routes(library::Library& library);

/// document_routes.cpp: /openapi.json of `routes`, and the pages that show it.
std::vector<http::Route> document_routes(std::span<const http::Route> routes);
/// page_routes.cpp: the web page at /, or how to get it when the program was built without it.
std::vector<http::Route> page_routes();

}  // namespace audio_ident::api
