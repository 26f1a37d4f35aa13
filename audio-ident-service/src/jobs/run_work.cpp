#include "jobs/run_work.hpp"

#include <spdlog/spdlog.h>

#include "util/path_text.hpp"
#include "util/wait_for_stop.hpp"

namespace audio_ident::jobs {
namespace {

/// Shows the progress of an ingest.
class ProgressObserver : public ingest::IngestObserver {
  public:
    ProgressObserver(IngestWork& work, const ShowWork& show) : work_(work), show_(show) {}

    void on_progress(const ingest::IngestProgress& progress) override {
        work_.progress = progress;
        show_(work_);
    }

  private:
    IngestWork& work_;
    const ShowWork& show_;
};

/// The part of a report that a job keeps.
ingest::IngestReport shortened(ingest::IngestReport report) {
    if (report.errors.size() > IngestWork::kMaxErrors) report.errors.resize(IngestWork::kMaxErrors);
    if (report.file_notes.size() > IngestWork::kMaxErrors) report.file_notes.resize(IngestWork::kMaxErrors);
    report.duplicate_files = {};
    report.vanished_files = {};
    report.notices = {};
    return report;
}

Result<void> run(IngestWork work, const WorkParts& parts, const ShowWork& show, const std::stop_token& stop) {
    work.report = {};
    show(work);
    ProgressObserver observer(work, show);
    const auto folder = util::path_from_text(work.directory).value_or(work.directory);
    auto report = parts.ingest_folder(folder, observer, stop);
    work.progress.remaining_seconds.reset();
    if (report) work.report = shortened(std::move(*report));
    show(work);
    if (!report && !stop.stop_requested()) return forward(report);
    if (work.report.fatal) return Unexpected(*work.report.fatal);
    return {};
}

Result<void> run(TimelineWork work, const WorkParts& parts, const ShowWork& show, const std::stop_token& stop) {
    while (true) {
        auto made = parts.make_timeline(work, show, stop);
        if (made || stop.stop_requested()) return {};
        if (!may_pass(made.error())) return made;
        if (work.trouble != made.error().message) spdlog::warn("the timeline waits: {}", made.error().message);
        work.trouble = made.error().message;
        show(work);
        util::wait_for_stop(parts.retry, stop);
    }
}

}  // namespace

bool may_pass(const Error& error) {
    const bool of_recording = error.reason == Reason::file_not_found || error.reason == Reason::unsupported_format;
    return !of_recording && (error.kind == ErrorKind::not_available || error.kind == ErrorKind::timeout);
}

RunWork run_work_with(WorkParts parts) {
    return [parts = std::move(parts)](Work work, const ShowWork& show, const std::stop_token& stop) {
        return std::visit([&](auto& one) { return run(std::move(one), parts, show, stop); }, work);
    };
}

}  // namespace audio_ident::jobs
