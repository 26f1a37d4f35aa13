#include "cli/pass_report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/ingest_report.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

boost::json::object to_json(const ingest::PassReport& report, std::string_view done) {
    boost::json::object object = {
        {"total", report.total},
        {done, report.done},
        {"missing_files", boost::json::array(report.missing_files.begin(), report.missing_files.end())},
        {"errors", errors_json(report.errors)},
        {"seconds_of_audio", report.seconds_of_audio},
        {"elapsed_seconds", report.elapsed_seconds},
        {"interrupted", report.interrupted},
    };
    if (report.fatal) object["fatal"] = report.fatal->message;
    return object;
}

}  // namespace

ExitCode print_pass(const ingest::PassReport& report, bool json, const PassWords& words) {
    if (json) {
        print_line(util::json_text(to_json(report, words.done)));
    } else {
        print_line(fmt::format("{} of {} {}, {} of audio in {}", report.done, count_text(report.total, "track"),
                               words.done, duration_text(report.seconds_of_audio),
                               duration_text(report.elapsed_seconds)));
        for (const auto& file : report.missing_files) print_line("gone: " + one_line(file));
    }
    if (report.interrupted) note("interrupted; run `{}` to continue", words.again);
    if (report.fatal) return fail_with(*report.fatal);
    return report.errors.empty() && report.missing_files.empty() ? ExitCode::fine : ExitCode::some_failed;
}

}  // namespace audio_ident::cli
