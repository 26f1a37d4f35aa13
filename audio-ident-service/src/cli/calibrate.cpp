#include "cli/calibrate.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <unistd.h>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

/// Shows progress on a terminal, on one line that it overwrites.
class CalibrationPrinter final : public library::CalibrationObserver {
  public:
    void on_track(std::size_t done, std::size_t of) override {
        if (terminal_) fmt::print(stderr, "\rtrack {} of {}\x1b[K", done, of);
    }
    void on_failure(const std::string& file, const Error& error) override {
        clear();
        note("{}", file_error_text(file, error.message));
    }
    void clear() const {
        if (terminal_) fmt::print(stderr, "\r\x1b[K");
    }

  private:
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
};

boost::json::object to_json(const library::CalibrationReport& report) {
    boost::json::array cells;
    for (const auto& [name, cell] : report.cells) {
        cells.push_back({{"clips", name},
                         {"known", cell.clips},
                         {"accepted", cell.found},
                         {"unknown", cell.clips},
                         {"false_alarms", cell.false_alarms}});
    }
    return {{"slope", report.calibration.slope},
            {"offset", report.calibration.offset},
            {"calibration_error_before", report.error_before},
            {"calibration_error_after", report.error_after},
            {"cells", std::move(cells)}};
}

void print_text(const library::CalibrationReport& report) {
    print_line(fmt::format("{:<24} {:>6} {:>9} {:>13}", "clips", "number", "found", "false alarms"));
    for (const auto& [name, cell] : report.cells) {
        print_line(fmt::format("{:<24} {:>6} {:>7.1f} % {:>11.1f} %", name, cell.clips, 100.0 * cell.found / cell.clips,
                               100.0 * cell.false_alarms / cell.clips));
    }
    print_line(fmt::format("calibration error: {:.3f} as shipped, {:.3f} with the new calibration", report.error_before,
                           report.error_after));
}

}  // namespace

ExitCode calibrate(Invocation& invocation, std::size_t tracks) {
    CalibrationPrinter printer;
    const auto report = invocation.library().upkeep().calibrate(tracks, printer, invocation.stop());
    printer.clear();
    if (!report) return fail_with(report.error());
    if (invocation.json()) print_line(util::json_text(to_json(*report)));
    else print_text(*report);
    return ExitCode::fine;
}

ExitCode forget_calibration(Invocation& invocation) {
    if (const auto forgotten = invocation.library().upkeep().forget_calibration(); !forgotten)
        return fail_with(forgotten.error());
    if (!invocation.json()) print_line("the calibration that comes with the program is in use again");
    return ExitCode::fine;
}

}  // namespace audio_ident::cli
