#include "ingest/progress_meter.hpp"

#include <algorithm>
#include <utility>

namespace audio_ident::ingest {

namespace {

constexpr double kMinSecondsToEstimate = 2;

}  // namespace

void ProgressMeter::found(std::int64_t bytes) {
    const std::lock_guard lock(mutex_);
    ++found_files_;
    found_bytes_ += bytes;
}

void ProgressMeter::all_found() {
    const std::lock_guard lock(mutex_);
    all_found_ = true;
}

void ProgressMeter::done(std::int64_t bytes, std::string file) {
    const std::lock_guard lock(mutex_);
    ++done_files_;
    done_bytes_ += bytes;
    if (!file.empty()) current_file_ = std::move(file);
}

double ProgressMeter::elapsed_seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
}

IngestProgress ProgressMeter::progress(double seconds_of_audio) const {
    const double elapsed = elapsed_seconds();
    const std::lock_guard lock(mutex_);
    IngestProgress progress;
    progress.files_done = done_files_;
    progress.seconds_of_audio = seconds_of_audio;
    progress.elapsed_seconds = elapsed;
    progress.realtime_factor = elapsed > 0 ? seconds_of_audio / elapsed : 0;
    progress.current_file = current_file_;
    if (!all_found_) return progress;
    // Files come and go during an ingest; the total is never less than what is done.
    progress.files_total = std::max(found_files_, done_files_);
    if (done_bytes_ > 0 && elapsed >= kMinSecondsToEstimate) {
        const double left = static_cast<double>(std::max<std::int64_t>(found_bytes_ - done_bytes_, 0));
        progress.remaining_seconds = elapsed * left / static_cast<double>(done_bytes_);
    }
    return progress;
}

}  // namespace audio_ident::ingest
