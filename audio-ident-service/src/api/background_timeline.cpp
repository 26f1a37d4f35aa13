#include "api/background_timeline.hpp"

#include <spdlog/spdlog.h>

#include "api/timeline_peaks.hpp"
#include "api/timeline_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "library/stored_timeline.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::api {
namespace {

constexpr auto kStoreWait = std::chrono::seconds(30);
constexpr auto kLastWait = std::chrono::seconds(5);  // a service that ends waits for it

UnfinishedTimelines::SoFar so_far_of(library::RecordingTimeline timeline) {
    UnfinishedTimelines::SoFar so_far;
    so_far.timeline = std::make_shared<const std::string>(util::json_text_of(wire::timeline(timeline)));
    so_far.peaks = std::make_shared<const audio::WaveformPeaks>(std::move(timeline.peaks));
    so_far.seconds = timeline.seconds;
    return so_far;
}

/// Takes a timeline out of the unfinished ones when the work ends, however it ends.
class Listing {
  public:
    Listing(UnfinishedTimelines& unfinished, const Uuid& id) : unfinished_(unfinished), id_(id) {}
    ~Listing() { unfinished_.remove(id_); }
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;

  private:
    UnfinishedTimelines& unfinished_;
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
    const auto peaks = files.peaks(id);
    std::error_code exists;  // when it cannot be made, writing says so
    std::filesystem::create_directories(peaks.parent_path(), exists);
    if (auto written = write_peaks(peaks, made.peaks); !written) return written;
    if (auto sent = files.send(peaks, deadline); !sent) return sent;
    catalog::TimelineRow finished = std::move(**row);
    finished.status = catalog::JobStatus::finished;
    finished.finished_at = catalog::current_timestamp();
    finished.heard_seconds = made.seconds;
    finished.total_seconds = made.seconds;
    finished.entries = static_cast<std::int64_t>(made.entries.size());
    const auto stored = (*rows)->finish(finished, library::timeline_to_text(made), deadline);
    if (!stored) return forward(stored);
    if (const auto forgotten = files.forget_heard(id, deadline); !forgotten)
        spdlog::warn("what was heard for the timeline {} stays: {}", id.to_string(), forgotten.error().message);
    return {};
}

/// When the work is stopped, the service may be about to end; or another one has the timeline now and has finished it,
/// or somebody removed it.
bool may_go_on(library::Library& library, const Uuid& id, const Deadline& deadline) {
    const auto rows = library.timelines(deadline);
    const auto row = rows ? (*rows)->find(id, deadline) : Result<std::optional<catalog::TimelineRow>>(forward(rows));
    return row && *row && !has_ended((*row)->status);
}

Result<void> make(library::Library& library, const jobs::TimelineFiles& files, UnfinishedTimelines& unfinished,
                  jobs::TimelineWork work, const jobs::ShowWork& show, const std::stop_token& stop) {
    const Listing listing(unfinished, work.id);
    const std::filesystem::path recording = util::path_from_text(work.recording).value_or(work.recording);
    library::TimelineRequest request{
        .min_confidence = work.min_confidence, .deadline = Deadline::never(stop), .save_in = files.heard(work.id)};
    request.with_peaks = true;
    // From what another service has heard; what this one has heard may be older, and will do.
    if (const auto fetched = files.fetch_heard(work.id, Deadline::after(kStoreWait, stop)); !fetched)
        spdlog::warn("{}", fetched.error().message);
    std::error_code exists;  // when it cannot be made, saving says so
    std::filesystem::create_directories(request.save_in->parent_path(), exists);
    request.saved = [&] {
        const bool is_last = stop.stop_requested();
        const auto deadline = is_last ? Deadline::after(kLastWait) : Deadline::after(kStoreWait, stop);
        if (is_last && !may_go_on(library, work.id, deadline)) return;
        const auto sent = files.send(*request.save_in, deadline);
        if (!sent) spdlog::warn("other services could not go on with a timeline: {}", sent.error().message);
    };
    request.so_far = [&](library::RecordingTimeline so_far) { unfinished.put(work.id, so_far_of(std::move(so_far))); };
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
                                       UnfinishedTimelines& unfinished) {
    return [&library, files, &unfinished](jobs::TimelineWork work, const jobs::ShowWork& show,
                                          const std::stop_token& stop) {
        return make(library, files, unfinished, std::move(work), show, stop);
    };
}

}  // namespace audio_ident::api
