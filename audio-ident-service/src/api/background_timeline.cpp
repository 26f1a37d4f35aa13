#include "api/background_timeline.hpp"

#include "api/timeline_peaks.hpp"
#include "api/timeline_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "library/stored_timeline.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {
namespace {

constexpr auto kStoreWait = std::chrono::seconds(30);

LiveTimelines::Live live_of(library::RecordingTimeline timeline) {
    LiveTimelines::Live live;
    live.timeline = std::make_shared<const std::string>(util::json_text_of(wire::timeline(timeline)));
    live.peaks = std::make_shared<const audio::WaveformPeaks>(std::move(timeline.peaks));
    live.seconds = timeline.seconds;
    return live;
}

/// Takes a timeline out of the live ones when the work ends, however it ends.
class Listing {
  public:
    Listing(LiveTimelines& live, const Uuid& id) : live_(live), id_(id) {}
    ~Listing() { live_.remove(id_); }
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;

  private:
    LiveTimelines& live_;
    Uuid id_;
};

Result<void> store(library::Library& library, const jobs::TimelineFiles& files, const Uuid& id,
                   const library::RecordingTimeline& made, const std::stop_token& stop) {
    const auto deadline = Deadline::after(kStoreWait, stop);
    const auto rows = library.timelines(deadline);
    if (!rows) return forward(rows);
    auto row = (*rows)->find(id, deadline);
    if (!row) return forward(row);
    if (!*row) return {};  // removed meanwhile
    if (auto written = write_peaks(files.peaks(id), made.peaks); !written) return written;
    catalog::TimelineRow finished = std::move(**row);
    finished.status = catalog::JobStatus::finished;
    finished.finished_at = catalog::current_timestamp();
    finished.heard_seconds = made.seconds;
    finished.total_seconds = made.seconds;
    finished.entries = static_cast<std::int64_t>(made.entries.size());
    const auto stored = (*rows)->finish(finished, library::timeline_to_text(made), deadline);
    if (!stored) return forward(stored);
    std::error_code ignored;
    std::filesystem::remove(files.heard(id), ignored);
    return {};
}

Result<void> make(library::Library& library, const jobs::TimelineFiles& files, LiveTimelines& live,
                  jobs::TimelineWork work, const jobs::ShowWork& show, const std::stop_token& stop) {
    const Listing listing(live, work.id);
    const std::filesystem::path recording = util::path_from_text(work.recording).value_or(work.recording);
    library::TimelineRequest request{
        .min_confidence = work.min_confidence, .deadline = Deadline::never(stop), .save_in = files.heard(work.id)};
    request.with_peaks = true;
    request.so_far = [&](library::RecordingTimeline so_far) { live.put(work.id, live_of(std::move(so_far))); };
    const auto made = library.timeline(recording, request, [&](const library::TimelineProgress& progress) {
        work.trouble.reset();
        work.heard_seconds = progress.seconds;
        work.resumed_seconds = progress.resumed_seconds;
        if (progress.total_seconds) work.total_seconds = progress.total_seconds;
        show(work);
    });
    if (!made) return forward(made);
    work.heard_seconds = made->seconds;
    work.total_seconds = made->seconds;
    show(work);
    return store(library, files, work.id, *made, stop);
}

}  // namespace

jobs::MakeTimeline background_timeline(library::Library& library, const jobs::TimelineFiles& files,
                                       LiveTimelines& live) {
    return [&library, files, &live](jobs::TimelineWork work, const jobs::ShowWork& show, const std::stop_token& stop) {
        return make(library, files, live, std::move(work), show, stop);
    };
}

}  // namespace audio_ident::api
