#include "api/constraints.hpp"

#include "search/confidence.hpp"

namespace audio_ident::api {
namespace {

using Object = boost::json::object;

Object uuid() {
    return {{"format", "uuid"}};
}
Object date_time() {
    return {{"format", "date-time"}};
}
Object share() {
    return {{"minimum", 0}, {"maximum", 1}};
}

Object play_monitor() {
    return {{"minLength", 1}, {"maxLength", 500}, {"description", "Name or id of a monitor; default: all"}};
}
Object play_track() {
    return {{"format", "uuid"}, {"description", "Id of a track; default: all"}};
}
Object play_from() {
    return {{"description", "Plays that began then or later: 2026-11-28, or 2026-11-28T09:30 in UTC"}};
}
Object play_to() {
    return {{"description", "Plays that began before"}};
}

/// Up to 10^9 pages: no product of page and size overflows, and no library is larger.
const http::Constraints kConstraints = {
    {"SearchForm.mode", {{"default", "both"}, {"description", "Which lanes to search"}}},
    {"SearchForm.max_results",
     {{"default", 10}, {"minimum", 1}, {"maximum", 50}, {"description", "At most this many matches per lane"}}},
    {"SearchForm.diverse",
     {{"default", false}, {"description", "Prefer vibe matches that resemble the clip but not each other"}}},
    {"StationSearchForm.max_results",
     {{"default", 10}, {"minimum", 1}, {"maximum", 50}, {"description", "At most this many matches"}}},
    {"StationMatch.confidence", share()},
    {"LiveQuery.format", {{"description", "The sound is samples without a header, interleaved; default: it has one"}}},
    {"LiveQuery.rate",
     {{"default", 44'100}, {"minimum", 4'000}, {"maximum", 384'000}, {"description", "With format: samples a second"}}},
    {"LiveQuery.channels", {{"default", 2}, {"minimum", 1}, {"maximum", 32}, {"description", "With format"}}},
    {"LiveEvent.at", {{"minimum", 0}, {"description", "Seconds of sound so far"}}},
    {"LivePlay.confidence", share()},
    {"LiveCandidate.confidence", share()},
    {"SimilarQuery.at",
     {{"minimum", 0},
      {"maximum", 1'000'000},
      {"description", "Compare with the ten seconds that begin here, in seconds; default: the whole track"}}},
    {"SimilarQuery.limit", {{"default", 10}, {"minimum", 1}, {"maximum", 50}}},
    {"SimilarQuery.diverse", {{"default", false}, {"description", "Prefer tracks that do not resemble each other"}}},
    {"IngestForm.directory",
     {{"minLength", 1},
      {"maxLength", 4096},
      {"description", "A folder on the server, below one of INGEST_ROOTS; starts a job"}}},
    {"TracksQuery.page", {{"default", 1}, {"minimum", 1}, {"maximum", 1'000'000'000}}},
    {"TracksQuery.per_page", {{"default", 50}, {"minimum", 1}, {"maximum", 500}}},
    {"TracksQuery.search",
     {{"default", ""}, {"maxLength", 500}, {"description", "Part of the title or artist; case is ignored"}}},
    {"TracksQuery.sort",
     {{"default", "added"}, {"description", "Case does not matter; tracks without the value come last"}}},
    {"TracksQuery.order", {{"description", "Default: newest first, A to Z, shortest first"}}},
    {"AudioQuery.as",
     {{"default", "original"}, {"description", "opus: transcoded, for formats that a browser cannot play"}}},
    {"TrackInfo.id", uuid()},
    {"TrackInfo.ingested_at", date_time()},
    {"TrackDetail.id", uuid()},
    {"TrackDetail.ingested_at", date_time()},
    {"TrackDetail.updated_at", date_time()},
    {"TrackDetail.file_hash_sha256", {{"pattern", "^[0-9a-f]{64}$"}}},
    {"ExactMatch.confidence", share()},
    {"ExactMatch.aligned_hashes", {{"minimum", 0}}},
    {"VibeMatch.similarity", share()},
    {"VibeMatch.matched_chunks", {{"minimum", 0}}},
    {"TagWeight.probability", share()},
    {"SearchResponse.request_id", uuid()},
    {"SearchResponse.query_duration_ms", {{"minimum", 0}}},
    {"Waveform.track_id", uuid()},
    {"Waveform.peaks", {{"description", "The largest amplitude of each of as many equal parts of the track, 0 to 1"}}},
    {"LibraryCounts.tracks", {{"description", "Tracks that are complete and can be found"}}},
    {"LibraryCounts.unfinished", {{"description", "Tracks that an ingest has begun; the next ingest completes them"}}},
    {"LibraryCounts.fingerprinted", {{"description", "Tracks that the exact lane can find"}}},
    {"LibraryCounts.embedded",
     {{"description", "Tracks that the vibe lane can find; null when there is no vibe lane"}}},
    {"TimelineForm.path",
     {{"minLength", 1},
      {"maxLength", 4096},
      {"description", "A file on the server, below one of INGEST_ROOTS; it stays where it is"}}},
    {"TimelineForm.name",
     {{"minLength", 1}, {"maxLength", 500}, {"description", "Name of the recording; default: that of the file"}}},
    {"TimelineForm.min_confidence",
     {{"default", search::kDefaultMinConfidence},
      {"minimum", 0},
      {"maximum", 1},
      {"description", "Leave out entries that are less certain"}}},
    {"TimelinesQuery.page", {{"default", 1}, {"minimum", 1}, {"maximum", 1'000'000'000}}},
    {"TimelinesQuery.per_page", {{"default", 50}, {"minimum", 1}, {"maximum", 500}}},
    {"TimelineSummary.id", uuid()},
    {"TimelineSummary.created_at", date_time()},
    {"TimelineJob.id", uuid()},
    {"TimelineJob.created_at", date_time()},
    {"TimelineEntry.confidence", share()},
    {"TimelineCandidate.confidence", share()},
    {"TimelineExportQuery.format", {{"default", "json"}}},
    {"TimelineEntryForm.verdict", {{"description", "none takes a verdict back; default: it stays"}}},
    {"TimelineEntryForm.track_id",
     {{"format", "uuid"}, {"description", "One of the entry's candidates, which takes the place of its track"}}},
    {"TimelineLearnForm.start",
     {{"minimum", 0}, {"maximum", 100'000'000}, {"description", "Seconds from the recording's first sample"}}},
    {"TimelineLearnForm.end", {{"minimum", 0}, {"maximum", 100'000'000}}},
    {"TimelineLearnForm.title", {{"minLength", 1}, {"maxLength", 500}, {"pattern", "\\S"}}},
    {"TimelineLearnForm.artist", {{"maxLength", 500}}},
    {"TimelineLearnForm.album", {{"maxLength", 500}}},
    {"TimelineWaveform.timeline_id", uuid()},
    {"TimelineWaveform.peaks",
     {{"description", "The largest amplitude of each of as many equal parts of the recording, 0 to 1"}}},
    {"MonitorForm.name", {{"minLength", 1}, {"maxLength", 500}, {"description", "No two monitors have the same"}}},
    {"MonitorForm.source",
     {{"minLength", 1},
      {"maxLength", 4096},
      {"description",
       "An URL (Icecast, SHOUTcast, HTTP, HLS), or a file or named pipe on the server, below one of INGEST_ROOTS"}}},
    {"MonitorForm.min_confidence",
     {{"default", search::kDefaultMinConfidence},
      {"minimum", 0},
      {"maximum", 1},
      {"description", "Leave out plays that are less certain"}}},
    {"MonitorChangeForm.name", {{"minLength", 1}, {"maxLength", 500}}},
    {"MonitorChangeForm.source", {{"minLength", 1}, {"maxLength", 4096}}},
    {"MonitorChangeForm.min_confidence", {{"minimum", 0}, {"maximum", 1}}},
    {"MonitorChangeForm.paused", {{"description", "Whether the service does not listen for now"}}},
    {"Monitor.id", uuid()},
    {"Monitor.created_at", date_time()},
    {"Monitor.status_at", date_time()},
    {"Monitor.detail", {{"description", "Why it fails, in one sentence"}}},
    {"Monitor.hint", {{"description", "What the stream itself says that it plays; never an answer"}}},
    {"Play.id", uuid()},
    {"Play.monitor_id", uuid()},
    {"Play.track_id", uuid()},
    {"Play.started_at", date_time()},
    {"Play.ended_at", date_time()},
    {"Play.confidence", share()},
    {"Play.final", {{"description", "Later seconds cannot change it"}}},
    {"PlaysQuery.monitor", play_monitor()},
    {"PlaysQuery.track", play_track()},
    {"PlaysQuery.from", play_from()},
    {"PlaysQuery.to", play_to()},
    {"PlaysQuery.page", {{"default", 1}, {"minimum", 1}, {"maximum", 1'000'000'000}}},
    {"PlaysQuery.per_page", {{"default", 50}, {"minimum", 1}, {"maximum", 500}}},
    {"PlayExportQuery.monitor", play_monitor()},
    {"PlayExportQuery.track", play_track()},
    {"PlayExportQuery.from", play_from()},
    {"PlayExportQuery.to", play_to()},
    {"PlayExportQuery.format", {{"default", "json"}}},
    {"PlayTotalsQuery.monitor", play_monitor()},
    {"PlayTotalsQuery.track", play_track()},
    {"PlayTotalsQuery.from", play_from()},
    {"PlayTotalsQuery.to", play_to()},
    {"PlayTotalsQuery.by", {{"default", "track"}}},
    {"PlayTotalsQuery.limit", {{"default", 100}, {"minimum", 1}, {"maximum", 1000}}},
    {"Sound.number", {{"description", "Its name, \"unknown 12\""}}},
    {"Sound.first_heard_at", date_time()},
    {"Sound.last_heard_at", date_time()},
    {"Sound.has_audio", {{"description", "It can be listened to, and kept"}}},
    {"Sound.track_id", {{"format", "uuid"}, {"description", "The track that it was kept as"}}},
    {"SoundsQuery.page", {{"default", 1}, {"minimum", 1}, {"maximum", 1'000'000'000}}},
    {"SoundsQuery.per_page", {{"default", 50}, {"minimum", 1}, {"maximum", 500}}},
    {"SoundPlay.started_at", date_time()},
    {"SoundPlay.ended_at", date_time()},
    {"KeepSoundForm.title", {{"minLength", 1}, {"maxLength", 500}, {"pattern", "\\S"}}},
    {"KeepSoundForm.artist", {{"maxLength", 500}}},
    {"IngestResponse.track_id", uuid()},
    {"IngestJob.id", uuid()},
    {"IngestJob.created_at", date_time()},
};

}  // namespace

const http::Constraints& constraints() {
    return kConstraints;
}

}  // namespace audio_ident::api
