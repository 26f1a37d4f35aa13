#include "cli/calibrate.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <map>
#include <random>
#include <unistd.h>

#include "catalog/timestamp_text.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "library/in_order.hpp"
#include "search/confidence.hpp"
#include "search/self_test.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

using search::Outcome;
using search::Trial;

constexpr std::uint64_t kSeed = 1;        // the same library gives the same clips
constexpr std::size_t kFewestTracks = 5;  // fewer say nothing

Result<std::vector<catalog::FileRecord>> choose(Services& services, std::size_t count) {
    auto catalog = services.catalog();
    if (!catalog) return forward(catalog);
    std::vector<catalog::FileRecord> records;
    const auto read = (*catalog)->for_each_file(
        [&](const catalog::FileRecord& record) {
            if (record.state == catalog::TrackState::ready) records.push_back(record);
        },
        services.deadline());
    if (!read) return forward(read);
    std::mt19937_64 random(kSeed);
    std::shuffle(records.begin(), records.end(), random);
    if (records.size() > count) records.resize(count);
    return records;
}

/// What the clips of one kind gave.
struct Tally {
    int clips = 0;
    int accepted = 0;  ///< of known ones, rightly
    int alarms = 0;    ///< of unknown ones, and wrong answers for known ones
};

std::map<std::string_view, Tally> tally(const std::vector<Trial>& trials, const search::Calibration& calibration) {
    std::map<std::string_view, Tally> by_cell;
    const auto claims = [&](const Outcome& outcome) {
        return calibration.apply(outcome.confidence) >= search::kDefaultMinConfidence;
    };
    for (const Trial& trial : trials) {
        for (Tally* tally : {&by_cell[trial.cell], &by_cell["all"]}) {
            ++tally->clips;
            if (claims(trial.known)) ++(trial.known.right ? tally->accepted : tally->alarms);
            if (claims(trial.unknown)) ++tally->alarms;
        }
    }
    return by_cell;
}

void print_answer(bool json, const std::vector<Trial>& trials, const search::Calibration& calibration) {
    std::vector<Outcome> outcomes;
    for (const Trial& trial : trials) outcomes.insert(outcomes.end(), {trial.known, trial.unknown});
    const double before = calibration_error(outcomes, {});
    const double after = calibration_error(outcomes, calibration);
    const auto by_cell = tally(trials, calibration);
    if (json) {
        boost::json::array cells;
        for (const auto& [cell, tally] : by_cell) {
            cells.push_back({{"clips", cell},
                             {"known", tally.clips},
                             {"accepted", tally.accepted},
                             {"unknown", tally.clips},
                             {"false_alarms", tally.alarms}});
        }
        print_line(util::json_text(boost::json::object{{"slope", calibration.slope},
                                                       {"offset", calibration.offset},
                                                       {"calibration_error_before", before},
                                                       {"calibration_error_after", after},
                                                       {"cells", std::move(cells)}}));
        return;
    }
    print_line(fmt::format("{:<24} {:>6} {:>9} {:>13}", "clips", "number", "found", "false alarms"));
    for (const auto& [cell, tally] : by_cell) {
        print_line(fmt::format("{:<24} {:>6} {:>7.1f} % {:>11.1f} %", cell, tally.clips,
                               100.0 * tally.accepted / tally.clips, 100.0 * tally.alarms / tally.clips));
    }
    print_line(fmt::format("calibration error {:.3f} as shipped, {:.3f} as stored now", before, after));
}

}  // namespace

ExitCode calibrate(Invocation& invocation, std::size_t tracks) {
    Services& services = invocation.services();
    const auto records = choose(services, tracks);
    if (!records) return fail_with(records.error());
    auto index = services.fingerprints();
    if (!index) return fail_with(index.error());

    std::vector<Trial> trials;
    std::size_t tested = 0;
    std::size_t done = 0;
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    library::in_order(
        records->size(), invocation.settings().ingest_threads, services.stop_token(),
        [&](std::size_t i) {
            return search::test_track({services.decoder(), **index}, (*records)[i], kSeed + i,
                                      Deadline::never(services.stop_token()));
        },
        [&](std::size_t i, const Result<std::vector<Trial>>& found) {
            if (terminal) fmt::print(stderr, "\rtrack {} of {}\x1b[K", ++done, records->size());
            if (found) {
                trials.insert(trials.end(), found->begin(), found->end());
                tested += found->empty() ? 0 : 1;
            } else if (found.error().kind == ErrorKind::timeout) {
                return;  // a stop
            } else {
                if (terminal) fmt::print(stderr, "\r\x1b[K");
                note("{}", file_error_text((*records)[i].file_path, found.error().message));
            }
        });
    if (terminal) fmt::print(stderr, "\r\x1b[K");
    if (services.stop_token().stop_requested())
        return fail_with({ErrorKind::timeout, "stopped; the calibration is as it was", {}});
    if (tested < kFewestTracks) {
        return fail_with({ErrorKind::invalid_input,
                          fmt::format("only {} of 15 s or more could be tested; at least {} are needed",
                                      count_text(static_cast<std::int64_t>(tested), "track"), kFewestTracks),
                          {}});
    }
    std::vector<Outcome> outcomes;
    for (const Trial& trial : trials) outcomes.insert(outcomes.end(), {trial.known, trial.unknown});
    auto calibration = search::fit_calibration(outcomes);
    calibration.measured_at = catalog::timestamp_to_text(catalog::current_timestamp());
    if (const auto stored = services.store_calibration(calibration); !stored) return fail_with(stored.error());
    print_answer(invocation.json(), trials, calibration);
    return ExitCode::fine;
}

ExitCode forget_calibration(Invocation& invocation) {
    if (const auto forgotten = invocation.services().store_calibration(std::nullopt); !forgotten)
        return fail_with(forgotten.error());
    if (!invocation.json()) print_line("confidences are as shipped again");
    return ExitCode::fine;
}

}  // namespace audio_ident::cli
