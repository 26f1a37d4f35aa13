#include "app/library_keeper.hpp"

#include <spdlog/spdlog.h>

#include "util/thread_priority.hpp"

namespace audio_ident::app {
namespace {

void settle(library::StoredLibrary& library, const std::stop_token& stop) {
    const auto settled = library.settle(stop);
    if (stop.stop_requested()) return;
    if (!settled) spdlog::warn("interrupted changes: {}; the next start settles them", settled.error().message);
    else if (*settled > 0) spdlog::info("settled what an interrupted change left of {} tracks", *settled);
}

void renew(library::StoredLibrary& library, const std::stop_token& stop) {
    const auto report = library.renew_fingerprints(stop);
    if (stop.stop_requested()) return;
    const auto failure = report ? report->fatal : std::optional(report.error());
    if (failure) spdlog::warn("new fingerprints: {}; the next start goes on", failure->message);
    if (!report || report->total == 0) return;
    spdlog::info("{} tracks have new fingerprints, after {:.0f} s", report->done, report->elapsed_seconds);
    if (!failure && report->done < report->total) {
        spdlog::warn("{} tracks keep older fingerprints: their files are gone, have changed or cannot be read",
                     report->total - report->done);
    }
}

void keep(library::StoredLibrary& library, const std::stop_token& stop) {
    util::take_lowest_priority();
    settle(library, stop);
    renew(library, stop);
}

}  // namespace

LibraryKeeper::LibraryKeeper(library::StoredLibrary& library)
    : thread_([&library](const std::stop_token& stop) { keep(library, stop); }) {}

}  // namespace audio_ident::app
