#include "library/calibrate.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "calibration/fit.hpp"
#include "calibration/self_test.hpp"
#include "catalog/timestamp_text.hpp"
#include "search/confidence.hpp"
#include "util/in_order.hpp"

namespace audio_ident::library {
namespace {

using calibration::Outcome;
using calibration::Trial;

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kFewestTracks = 5;  // fewer tracks are no evidence

Result<std::vector<catalog::FileRecord>> choose(catalog::Catalog& catalog, std::size_t count,
                                                const std::stop_token& stop) {
    std::vector<catalog::FileRecord> records;
    const auto add = [&](const catalog::FileRecord& record) {
        if (record.state == catalog::TrackState::ready) records.push_back(record);
    };
    const auto read = catalog.for_each_file(add, Deadline::after(std::chrono::minutes(1), stop));
    if (!read) return forward(read);
    std::mt19937_64 random(kSeed);
    std::shuffle(records.begin(), records.end(), random);
    if (records.size() > count) records.resize(count);
    return records;
}

struct Trials {
    std::vector<Trial> trials;
    std::size_t tested = 0;  ///< tracks that gave any trials
};

Trials test_tracks(const CalibrationParts& parts, const std::vector<catalog::FileRecord>& records,
                   CalibrationObserver& observer, const std::stop_token& stop) {
    Trials all;
    std::size_t done = 0;
    const auto test = [&](std::size_t i) {
        return calibration::test_track({parts.decoder, parts.index, parts.executor}, records[i], kSeed + i,
                                       Deadline::never(stop));
    };
    const auto take = [&](std::size_t i, const Result<std::vector<Trial>>& found) {
        observer.on_track(++done, records.size());
        if (found) {
            all.trials.insert(all.trials.end(), found->begin(), found->end());
            all.tested += found->empty() ? 0 : 1;
        } else if (found.error().kind != ErrorKind::timeout) {  // a timeout means a stop
            observer.on_failure(records[i].file_path, found.error());
        }
    };
    util::in_order(records.size(), parts.threads, stop, test, take);
    return all;
}

void count(CalibrationReport& report, const std::vector<Trial>& trials) {
    const auto claims = [&](const Outcome& outcome) {
        return report.calibration.apply(outcome.confidence) >= search::kDefaultMinConfidence;
    };
    for (const Trial& trial : trials) {
        for (auto* cell : {&report.cells[trial.cell], &report.cells["all"]}) {
            ++cell->clips;
            if (claims(trial.known)) ++(trial.known.right ? cell->found : cell->false_alarms);
            if (claims(trial.unknown)) ++cell->false_alarms;
        }
    }
}

}  // namespace

Result<CalibrationReport> measure_calibration(const CalibrationParts& parts, std::size_t tracks,
                                              CalibrationObserver& observer, const std::stop_token& stop) {
    const auto records = choose(parts.catalog, tracks, stop);
    if (!records) return forward(records);
    const auto [trials, tested] = test_tracks(parts, *records, observer, stop);
    if (stop.stop_requested()) return fail(ErrorKind::timeout, "stopped; the calibration is unchanged");
    if (tested < kFewestTracks) {
        return fail(ErrorKind::invalid_input, "only {} of 15 s or more could be tested; at least {} are needed",
                    tested == 1 ? "1 track" : fmt::format("{} tracks", tested), kFewestTracks);
    }
    std::vector<Outcome> outcomes;
    for (const Trial& trial : trials) outcomes.insert(outcomes.end(), {trial.known, trial.unknown});
    CalibrationReport report;
    report.calibration = calibration::fit(outcomes);
    report.calibration.measured_at = catalog::timestamp_to_text(catalog::current_timestamp());
    report.error_before = calibration::calibration_error(outcomes, {});
    report.error_after = calibration::calibration_error(outcomes, report.calibration);
    count(report, trials);
    return report;
}

}  // namespace audio_ident::library
