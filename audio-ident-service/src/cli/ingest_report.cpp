#include "cli/ingest_report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"
#include "util/utf8.hpp"

namespace audio_ident::cli {
namespace {

std::size_t terminal_width() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10 ? size.ws_col : 80;
}

std::string line_of(const ingest::IngestProgress& progress) {
    std::string line = fmt::format("{}", progress.files_done);
    if (progress.files_total) line += fmt::format("/{}", *progress.files_total);
    line += " files";
    if (progress.embedded > 0) line += fmt::format(", {} embedded", progress.embedded);
    line += fmt::format(", {} of audio", duration_text(progress.seconds_of_audio));
    if (progress.realtime_factor > 0) line += fmt::format(", {:.0f}x real time", progress.realtime_factor);
    if (progress.remaining_seconds) line += fmt::format(", {} left", duration_text(*progress.remaining_seconds));
    if (!progress.current_file.empty()) {
        line += "  " + one_line(std::string_view(progress.current_file).substr(progress.current_file.rfind('/') + 1));
    }
    return std::string(util::first_code_points(line, terminal_width() - 1));
}

boost::json::array notes_json(const std::vector<ingest::FileNote>& notes) {
    boost::json::array array;
    for (const auto& note : notes)
        array.push_back({{"file", note.file}, {"about", to_string(note.about)}, {"note", note.text}});
    return array;
}

boost::json::value to_json(const ingest::IngestReport& report) {
    boost::json::array duplicates;
    for (const auto& duplicate : report.duplicate_files) {
        duplicates.push_back({{"file", duplicate.file}, {"original", duplicate.original}});
    }
    boost::json::object object = {
        {"total", report.total},
        {"ingested", report.ingested},
        {"duplicates", report.duplicates},
        {"errors", errors_json(report.errors)},
        {"updated", report.updated},
        {"moved", report.moved},
        {"unchanged", report.unchanged},
        {"ignored", report.ignored},
        {"vanished", report.vanished},
        {"pruned", report.pruned},
        {"file_notes", notes_json(report.file_notes)},
        {"duplicate_files", std::move(duplicates)},
        {"vanished_files", boost::json::array(report.vanished_files.begin(), report.vanished_files.end())},
        {"notices", boost::json::array(report.notices.begin(), report.notices.end())},
        {"embedded", report.embedded},
        {"seconds_of_audio", report.seconds_of_audio},
        {"elapsed_seconds", report.elapsed_seconds},
        {"interrupted", report.interrupted},
    };
    if (report.fatal) object["fatal"] = report.fatal->message;
    return object;
}

void print_text(const ingest::IngestReport& report) {
    std::string line = count_text(report.ingested, "new track");
    const auto add = [&](std::int64_t count, std::string_view what) {
        if (count > 0) line += fmt::format(", {} {}", count, what);
    };
    add(report.updated, "updated");
    add(report.moved, "moved");
    add(report.unchanged, "unchanged");
    add(report.duplicates, report.duplicates == 1 ? "duplicate" : "duplicates");
    add(static_cast<std::int64_t>(report.errors.size()), "failed");
    add(report.embedded, "in the vibe lane too");
    add(report.vanished - report.pruned, "gone from disk");
    add(report.pruned, "removed");
    line += fmt::format("; {} of {}", report.total - static_cast<std::int64_t>(report.errors.size()),
                        count_text(report.total, "file"));
    if (report.seconds_of_audio > 0 && report.elapsed_seconds > 0) {
        line += fmt::format(", {} of audio in {}, {:.0f}x real time", duration_text(report.seconds_of_audio),
                            duration_text(report.elapsed_seconds), report.seconds_of_audio / report.elapsed_seconds);
    }
    print_line(line);
    for (const auto& note : report.file_notes) print_line(fmt::format("{}: {}", one_line(note.file), note.text));
    for (const auto& duplicate : report.duplicate_files) {
        print_line(fmt::format("duplicate: {} is {}", one_line(duplicate.file), one_line(duplicate.original)));
    }
    for (const auto& file : report.vanished_files) print_line(fmt::format("gone: {}", one_line(file)));
    if (report.vanished > report.pruned) note("use --prune to remove the tracks whose files are gone");
}

}  // namespace

ProgressPrinter::ProgressPrinter() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressPrinter::on_progress(const ingest::IngestProgress& progress) {
    if (!terminal_) return;
    fmt::print(stderr, "\r\x1B[K{}", line_of(progress));
    std::fflush(stderr);
    shown_ = true;
}

void ProgressPrinter::on_file(const ingest::FileEvent& event) {
    if (event.outcome != ingest::FileOutcome::failed) return;
    clear();
    note("{}", file_error_text(event.file, event.detail));
}

void ProgressPrinter::on_notice(std::string_view sentence) {
    clear();
    print_note(sentence);
}

void ProgressPrinter::clear() {
    if (shown_) fmt::print(stderr, "\r\x1B[K");
    shown_ = false;
}

boost::json::array errors_json(const std::vector<ingest::IngestError>& errors) {
    boost::json::array array;
    for (const auto& error : errors)
        array.push_back({{"file", error.file}, {"error", error.error}, {"kind", to_string(error.kind)}});
    return array;
}

ExitCode print_report(const ingest::IngestReport& report, bool json, std::string_view what) {
    for (const auto& notice : report.notices) note("{}", notice);
    if (json) print_line(util::json_text(to_json(report)));
    else print_text(report);
    if (report.interrupted)
        note("interrupted; everything counted is stored; run `audio-ident {}` again to continue", what);
    if (report.fatal) return fail_with(*report.fatal);
    return report.errors.empty() ? ExitCode::fine : ExitCode::some_failed;
}

}  // namespace audio_ident::cli
