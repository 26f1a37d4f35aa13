#include <chrono>
#include <filesystem>
#include <set>
#include <unistd.h>

#include "api/error_codes.hpp"
#include "api/timeline_text.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/timeline_table.hpp"
#include "util/atomic_file.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {
namespace {

namespace fs = std::filesystem;
using library::RecordingTimeline;

struct TimelineArguments {
    std::vector<std::string> files;
    std::string format;  ///< empty: a table, in a folder CSV
    std::string out;
    bool again = false;
    double min_confidence = search::kDefaultMinConfidence;
};

/// One line on stderr while a recording is being heard, on a terminal only.
class ProgressLine {
  public:
    explicit ProgressLine(std::string file) : file_(std::move(file)), shown_(::isatty(STDERR_FILENO) == 1) {}
    ~ProgressLine() {
        if (shown_ && begun_) fmt::print(stderr, "\r\x1B[K");
    }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const library::TimelineProgress& progress) {
        if (!shown_) return;
        begun_ = true;
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
        fmt::print(stderr, "\r\x1B[K{}: {}", file_, progress_text(progress, elapsed.count()));
    }

  private:
    std::string file_;
    bool shown_;
    bool begun_ = false;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// What became of the recordings so far.
struct Outcome {
    bool some_failed = false;
    bool unavailable = false;

    void failed(const std::string& file, const Error& error) {
        note("{}", file_error_text(util::path_to_text(file), error.message));
        some_failed = true;
        unavailable = unavailable || error.reason == Reason::store_unavailable;
    }
    ExitCode exit_code() const {
        if (unavailable) return ExitCode::unavailable;
        return some_failed ? ExitCode::some_failed : ExitCode::fine;
    }
};

Result<RecordingTimeline> listen_to(Invocation& invocation, const TimelineArguments& arguments, const std::string& file,
                                    const std::optional<fs::path>& save_in = {}) {
    ProgressLine progress(one_line(util::path_to_text(fs::path(file).filename().string())));
    auto timeline = invocation.library().timeline(fs::path(file),
                                                  {.min_confidence = arguments.min_confidence,
                                                   .deadline = Deadline::never(invocation.stop()),
                                                   .save_in = save_in},
                                                  [&](const library::TimelineProgress& now) { progress.show(now); });
    if (timeline && timeline->damaged_frames > 0)
        note("{}: {} could not be decoded", one_line(util::path_to_text(file)),
             count_text(timeline->damaged_frames, "frame"));
    return timeline;
}

void print_table(const RecordingTimeline& timeline, const std::string& file, bool several) {
    if (several) print_line(one_line(util::path_to_text(file)));
    fmt::print("{}", timeline_table(timeline));
}

/// A cue sheet names its recording as a player beside it finds it.
std::string name_in(api::TimelineFormat format, const std::string& file) {
    return util::path_to_text(format == api::TimelineFormat::json ? file : fs::path(file).filename().string());
}

/// `audio-ident timeline` without --out.
ExitCode print_timelines(Invocation& invocation, const TimelineArguments& arguments) {
    const auto format = invocation.json() ? api::TimelineFormat::json : api::timeline_format(arguments.format);
    Outcome outcome;
    for (const std::string& file : arguments.files) {
        if (invocation.stop().stop_requested()) break;
        const auto timeline = listen_to(invocation, arguments, file);
        if (!timeline && invocation.stop().stop_requested()) break;
        if (!timeline) {
            outcome.failed(file, timeline.error());
            if (format == api::TimelineFormat::json)
                print_line(util::json_text(
                    {{"file", util::path_to_text(file)},
                     {"error",
                      {{"code", api::error_code_of(timeline.error()).code}, {"message", timeline.error().message}}}}));
        } else if (format) {
            fmt::print("{}", api::timeline_text(*timeline, name_in(*format, file), *format));
        } else {
            print_table(*timeline, file, arguments.files.size() > 1);
        }
        std::fflush(stdout);
    }
    return outcome.exit_code();
}

bool is_newer(const fs::path& made, const fs::path& from) {
    std::error_code error;
    const auto made_at = fs::last_write_time(made, error);
    if (error) return false;
    const auto changed_at = fs::last_write_time(from, error);
    return !error && made_at >= changed_at;
}

/// Hears a recording and writes its timeline; what was heard is kept beside it until then.
Result<RecordingTimeline> write_timeline(Invocation& invocation, const TimelineArguments& arguments,
                                         const std::string& file, const fs::path& to, api::TimelineFormat format) {
    const fs::path heard = to.parent_path() / (fs::path(file).filename().string() + ".heard");
    auto timeline = listen_to(invocation, arguments, file, heard);
    if (!timeline) return timeline;
    const auto text = api::timeline_text(*timeline, name_in(format, file), format);
    if (const auto written = util::replace_file(to, text, util::Durability::power_cut); !written)
        return forward(written);
    std::error_code ignored;
    fs::remove(heard, ignored);
    return timeline;
}

/// `audio-ident timeline --out DIR`: what an earlier run has finished stays.
ExitCode write_timelines(Invocation& invocation, const TimelineArguments& arguments) {
    const fs::path folder = arguments.out;
    std::error_code made;
    fs::create_directories(folder, made);
    if (!fs::is_directory(folder)) {
        note("{} is not a folder and cannot be made one", one_line(util::path_to_text(arguments.out)));
        return ExitCode::usage;
    }
    const auto format = api::timeline_format(arguments.format.empty() ? "csv" : arguments.format).value();
    Outcome outcome;
    std::set<fs::path> names;
    for (const std::string& file : arguments.files) {
        if (invocation.stop().stop_requested()) break;
        const fs::path to =
            folder / fmt::format("{}.{}", fs::path(file).filename().string(), api::timeline_extension(format));
        if (!names.insert(to).second) {
            outcome.failed(file,
                           Error{ErrorKind::invalid_input, "another recording of this run has the same name", {}});
            continue;
        }
        if (!arguments.again && is_newer(to, file)) {
            note("{} is there already; --again makes it again", one_line(util::path_to_text(to.string())));
            continue;
        }
        const auto timeline = write_timeline(invocation, arguments, file, to, format);
        if (!timeline && invocation.stop().stop_requested()) break;
        if (!timeline) {
            outcome.failed(file, timeline.error());
            continue;
        }
        print_line(fmt::format("{}: {}", one_line(util::path_to_text(to.string())),
                               count_text(static_cast<std::int64_t>(timeline->entries.size()), "entry", "entries")));
        std::fflush(stdout);
    }
    return outcome.exit_code();
}

ExitCode make_timelines(Invocation& invocation, const TimelineArguments& arguments) {
    const bool one_file_each = arguments.format == "cue" || arguments.format == "csv" || arguments.format == "m3u8" ||
                               arguments.format == "audacity";
    if (arguments.out.empty() && one_file_each && arguments.files.size() > 1) {
        note("several recordings cannot share one {} file; give a folder with --out", arguments.format);
        return ExitCode::usage;
    }
    if (auto ready = invocation.library().check_searchable(invocation.deadline()); !ready)
        return fail_with(ready.error());
    return arguments.out.empty() ? print_timelines(invocation, arguments) : write_timelines(invocation, arguments);
}

void add_options(Command& command, TimelineArguments& arguments) {
    command.add({.names = "files",
                 .into = &arguments.files,
                 .help = "Recordings of any length, in any audio format",
                 .type_name = "FILE...",
                 .required = true});
    command.add({.names = "--format",
                 .into = &arguments.format,
                 .help = "csv, json, cue, m3u8 or audacity (labels); default: a table to read",
                 .type_name = "FORMAT",
                 .one_of = {"csv", "json", "cue", "m3u8", "audacity"}});
    command.add({.names = "--out",
                 .into = &arguments.out,
                 .help = "Write a file for each recording into this folder (default format: csv)",
                 .type_name = "DIR"});
    command.add(
        {.names = "--again", .into = &arguments.again, .help = "With --out: replace files that are there already"});
    command.add(
        {.names = "--min-confidence",
         .into = &arguments.min_confidence,
         .help = fmt::format("Leave out tracks less certain than this (default {})", search::kDefaultMinConfidence),
         .type_name = "0-1",
         .range = std::pair(0.0, 1.0)});
}

}  // namespace

void add_timeline_command(Command& root) {
    auto& command =
        root.add_command("timeline", "Tell who plays when in a recording of any length: a set, radio, a tape");
    auto arguments = std::make_shared<TimelineArguments>();
    add_options(command, *arguments);
    command.footer =
        "Tracks may overlap, begin anywhere, and run faster, slower, higher or lower than recorded. What no track of "
        "the\n"
        "library explains is told too, as silence or as not recognised. With --out an interrupted run goes on where "
        "it\n"
        "ended: what it has heard of a recording stays in DIR/NAME.heard until the recording is finished.\n\n"
        "Examples:\n"
        "  audio-ident timeline set.mp3\n"
        "  audio-ident timeline --format cue set.mp3 > set.cue\n"
        "  audio-ident timeline --format csv --out lists ~/recordings/*.flac\n"
        "  audio-ident timeline --json radio.mp3 | jq '.entries[].track.title'";
    command.run = [arguments](Invocation& invocation) { return make_timelines(invocation, *arguments); };
}

}  // namespace audio_ident::cli
