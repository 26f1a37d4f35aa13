#include <charconv>
#include <chrono>
#include <filesystem>
#include <set>
#include <unistd.h>

#include "api/error_codes.hpp"
#include "api/timeline_text.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/timeline_report.hpp"
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
    bool report = false;
    std::vector<std::string> learn;
    int wait_seconds = 30;
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

/// The recordings that were heard in this run, and what was not recognised in any of them.
struct Run {
    std::vector<std::string> files;
    std::vector<RecordingTimeline> timelines;
    timeline::Unknowns unknowns = {};

    void name() {
        if (timelines.size() > 1) library::name_across(unknowns, timelines);
    }
};

/// Hears a recording; its timeline is then the last one of the run.
Result<void> listen_to(Invocation& invocation, const TimelineArguments& arguments, const std::string& file, Run& run,
                       const std::optional<fs::path>& save_in = {}) {
    ProgressLine progress(one_line(util::path_to_text(fs::path(file).filename().string())));
    const bool several = arguments.files.size() > 1;
    auto timeline = invocation.library().timeline(fs::path(file),
                                                  {.min_confidence = arguments.min_confidence,
                                                   .deadline = Deadline::never(invocation.stop()),
                                                   .save_in = save_in,
                                                   .run = several ? &run.unknowns : nullptr},
                                                  [&](const library::TimelineProgress& now) { progress.show(now); });
    if (!timeline) return forward(timeline);
    if (timeline->damaged_frames > 0)
        note("{}: {} could not be decoded", one_line(util::path_to_text(file)),
             count_text(timeline->damaged_frames, "frame"));
    run.files.push_back(file);
    run.timelines.push_back(std::move(*timeline));
    return {};
}

void print_table(const RecordingTimeline& timeline, const std::string& file, bool several) {
    if (several) print_line(one_line(util::path_to_text(file)));
    fmt::print("{}", timeline_table(timeline));
}

/// A cue sheet names its recording as a player beside it finds it.
std::string name_in(api::TimelineFormat format, const std::string& file) {
    return util::path_to_text(format == api::TimelineFormat::json ? file : fs::path(file).filename().string());
}

/// What --learn asks for: "Artist - Title=unknown-3" or "Title=unknown-3".
struct Lesson {
    library::Stretch named;  ///< without its place
    std::uint32_t number = 0;

    static std::optional<Lesson> parse(std::string_view text) {
        constexpr std::string_view kUnknown = "unknown";
        const auto equals = text.rfind('=');
        if (equals == 0 || equals == text.npos) return std::nullopt;
        const auto name = text.substr(0, equals);
        auto sound = text.substr(equals + 1);
        if (!sound.starts_with(kUnknown) || sound.size() < kUnknown.size() + 2) return std::nullopt;
        sound.remove_prefix(kUnknown.size() + 1);  // and a hyphen or space
        Lesson lesson;
        const auto [end, error] = std::from_chars(sound.data(), sound.data() + sound.size(), lesson.number);
        if (error != std::errc() || end != sound.data() + sound.size() || lesson.number == 0) return std::nullopt;
        const auto dash = name.find(" - ");
        lesson.named.title = name.substr(dash == name.npos ? 0 : dash + 3);
        if (dash != name.npos) lesson.named.artist = name.substr(0, dash);
        if (lesson.named.title.empty()) return std::nullopt;
        return lesson;
    }
};

/// Adds the longest stretch that has the name to the library.
void learn(Invocation& invocation, const TimelineArguments& arguments, const Run& run, Outcome& outcome) {
    for (const std::string& text : arguments.learn) {
        Lesson lesson = Lesson::parse(text).value();
        const std::string* file = nullptr;
        for (std::size_t i = 0; i < run.files.size(); ++i) {
            for (const auto& [gap, alike] : run.timelines[i].gaps) {
                const double longest = lesson.named.end_seconds - lesson.named.begin_seconds;
                if (gap.number != lesson.number || gap.where.end - gap.where.begin <= longest) continue;
                lesson.named.begin_seconds = gap.where.begin;
                lesson.named.end_seconds = gap.where.end;
                file = &run.files[i];
            }
        }
        if (!file) {
            outcome.failed(text, Error{ErrorKind::invalid_input, "nothing that was heard has this name", {}});
            continue;
        }
        const auto added = invocation.library().learn(
            fs::path(*file), lesson.named, invocation.turn("audio-ident timeline --learn", arguments.wait_seconds));
        if (!added) outcome.failed(text, added.error());
        else if (added->as == library::Added::As::duplicate)
            note("unknown {} is in the library already: {}", lesson.number, name_text(added->track));
        else note("unknown {} is in the library now: {}", lesson.number, name_text(added->track));
    }
}

void print_error(const std::string& file, const Error& error) {
    print_line(util::json_text({{"file", util::path_to_text(file)},
                                {"error", {{"code", api::error_code_of(error).code}, {"message", error.message}}}}));
}

void print_run(const TimelineArguments& arguments, std::optional<api::TimelineFormat> format, const Run& run) {
    for (std::size_t i = 0; i < run.files.size(); ++i) {
        if (format) fmt::print("{}", api::timeline_text(run.timelines[i], name_in(*format, run.files[i]), *format));
        else print_table(run.timelines[i], run.files[i], arguments.files.size() > 1);
    }
    std::fflush(stdout);
}

/// `audio-ident timeline` without --out. What is unknown has one name in all recordings, so several are printed when
/// all have been heard.
ExitCode print_timelines(Invocation& invocation, const TimelineArguments& arguments,
                         std::optional<api::TimelineFormat> format) {
    Outcome outcome;
    Run run;
    for (const std::string& file : arguments.files) {
        if (invocation.stop().stop_requested()) break;
        const auto heard = listen_to(invocation, arguments, file, run);
        if (heard) continue;
        if (invocation.stop().stop_requested()) break;
        outcome.failed(file, heard.error());
        if (format == api::TimelineFormat::json) print_error(file, heard.error());
    }
    run.name();
    if (arguments.report) fmt::print("{}", timeline_report(run.timelines, format));
    else print_run(arguments, format, run);
    if (!invocation.stop().stop_requested()) learn(invocation, arguments, run, outcome);
    return outcome.exit_code();
}

bool is_newer(const fs::path& made, const fs::path& from) {
    std::error_code error;
    const auto made_at = fs::last_write_time(made, error);
    if (error) return false;
    const auto changed_at = fs::last_write_time(from, error);
    return !error && made_at >= changed_at;
}

/// A recording's timeline in the folder, and what was heard of the recording, which is kept until the run is over.
struct Place {
    fs::path to;
    fs::path heard;
    std::size_t number = 0;  ///< of the recording in the run
};

Result<void> write_timeline(const Place& place, const std::string& file, const RecordingTimeline& timeline,
                            api::TimelineFormat format) {
    const auto text = api::timeline_text(timeline, name_in(format, file), format);
    return util::replace_file(place.to, text, util::Durability::power_cut);
}

/// When all were heard, writes those again in which what is unknown has another name now, or was heard more often.
void finish_run(Run& run, const std::vector<Place>& places, api::TimelineFormat format, Outcome& outcome) {
    run.name();
    for (const Place& place : places) {
        const std::string& file = run.files[place.number];
        if (places.size() > 1) {
            if (const auto written = write_timeline(place, file, run.timelines[place.number], format); !written) {
                outcome.failed(file, written.error());
                continue;
            }
        }
        std::error_code ignored;
        fs::remove(place.heard, ignored);
    }
}

/// Hears one recording of `audio-ident timeline --out DIR`, unless an earlier run has finished it, and writes its
/// timeline.
Result<void> make_timeline(Invocation& invocation, const TimelineArguments& arguments, const std::string& file,
                           Place place, api::TimelineFormat format, Run& run, std::vector<Place>& places) {
    const auto shown = one_line(util::path_to_text(place.to.string()));
    if (!arguments.again && is_newer(place.to, file) && !fs::exists(place.heard)) {
        note("{} is there already; --again makes it again", shown);
        return {};
    }
    if (const auto heard = listen_to(invocation, arguments, file, run, place.heard); !heard) return forward(heard);
    const RecordingTimeline& timeline = run.timelines.back();
    if (const auto written = write_timeline(place, file, timeline, format); !written) return forward(written);
    place.number = run.files.size() - 1;
    places.push_back(std::move(place));
    print_line(fmt::format("{}: {}", shown,
                           count_text(static_cast<std::int64_t>(timeline.entries.size()), "entry", "entries")));
    std::fflush(stdout);
    return {};
}

/// `audio-ident timeline --out DIR`: what an earlier run has finished stays.
ExitCode write_timelines(Invocation& invocation, const TimelineArguments& arguments, api::TimelineFormat format) {
    const fs::path folder = arguments.out;
    std::error_code made;
    fs::create_directories(folder, made);
    if (!fs::is_directory(folder)) {
        note("{} is not a folder and cannot be made one", one_line(util::path_to_text(arguments.out)));
        return ExitCode::usage;
    }
    Outcome outcome;
    Run run;
    std::vector<Place> places;
    std::set<fs::path> names;
    for (const std::string& file : arguments.files) {
        const auto name = fs::path(file).filename().string();
        const Place place{folder / fmt::format("{}.{}", name, api::timeline_extension(format)),
                          folder / (name + ".heard")};
        if (!names.insert(place.to).second) {
            outcome.failed(file,
                           Error{ErrorKind::invalid_input, "another recording of this run has the same name", {}});
            continue;
        }
        const auto done = make_timeline(invocation, arguments, file, place, format, run, places);
        if (invocation.stop().stop_requested()) return outcome.exit_code();
        if (!done) outcome.failed(file, done.error());
    }
    finish_run(run, places, format, outcome);
    learn(invocation, arguments, run, outcome);
    return outcome.exit_code();
}

/// --json goes before --format. nullopt: a table.
std::optional<api::TimelineFormat> wanted_format(const Invocation& invocation, const TimelineArguments& arguments) {
    return invocation.json() ? api::TimelineFormat::json : api::timeline_format(arguments.format);
}

ExitCode make_timelines(Invocation& invocation, const TimelineArguments& arguments) {
    const auto format = wanted_format(invocation, arguments);
    const bool one_file_each = format && format != api::TimelineFormat::json;
    if (arguments.out.empty() && one_file_each && !arguments.report && arguments.files.size() > 1) {
        note("several recordings cannot share one {} file; give a folder with --out", arguments.format);
        return ExitCode::usage;
    }
    if (arguments.report && (!arguments.out.empty() || (one_file_each && format != api::TimelineFormat::csv))) {
        note("--report is printed, as a table, with --format csv or with --json");
        return ExitCode::usage;
    }
    for (const std::string& text : arguments.learn) {
        if (Lesson::parse(text)) continue;
        note("--learn {}: give a name and what it belongs to, as in \"Artist - Title=unknown-3\"", one_line(text));
        return ExitCode::usage;
    }
    if (auto ready = invocation.library().check_searchable(invocation.deadline()); !ready)
        return fail_with(ready.error());
    if (arguments.out.empty()) return print_timelines(invocation, arguments, format);
    return write_timelines(invocation, arguments, format.value_or(api::TimelineFormat::csv));
}

void add_options(Command& command, TimelineArguments& arguments) {
    command.add({.names = "files",
                 .into = &arguments.files,
                 .help = "Recordings of any length, in any audio format",
                 .type_name = "FILE...",
                 .required = true});
    command.add({.names = "--format",
                 .into = &arguments.format,
                 .help = "csv, json, cue, m3u8 or audacity (labels); default: a table to read, or JSON with --json",
                 .type_name = "FORMAT",
                 .one_of = {"csv", "json", "cue", "m3u8", "audacity"}});
    command.add({.names = "--out",
                 .into = &arguments.out,
                 .help = "Write a file for each recording into this folder (default format: csv, or JSON with --json)",
                 .type_name = "DIR"});
    command.add(
        {.names = "--again", .into = &arguments.again, .help = "With --out: replace files that are there already"});
    command.add({.names = "--learn",
                 .into = &arguments.learn,
                 .help =
                     "Add an unknown sound to the library: \"Artist - Title=unknown-3\" or \"Title=unknown-3\"; its "
                     "longest stretch is cut out of the recording. May come several times",
                 .type_name = "NAME=UNKNOWN"});
    add_wait_option(command, arguments.wait_seconds);
    command.add({.names = "--report",
                 .into = &arguments.report,
                 .help = "Tell what was heard how often and how long in all recordings together: tracks, artists, and "
                         "what is not recognised but comes again"});
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
        "ended: what it has heard of a recording stays in DIR/NAME.heard until the run is over. What is not "
        "recognised\n"
        "has a name, \"unknown 3\", which is the same wherever it is heard again in the recordings of a run.\n\n"
        "Examples:\n"
        "  audio-ident timeline set.mp3\n"
        "  audio-ident timeline --format cue set.mp3 > set.cue\n"
        "  audio-ident timeline --format csv --out lists ~/recordings/*.flac\n"
        "  audio-ident timeline --learn 'Some Band - Some Song=unknown-3' radio.mp3\n"
        "  audio-ident timeline --report ~/radio/*.mp3\n"
        "  audio-ident timeline --json radio.mp3 | jq '.entries[].track.title'";
    command.run = [arguments](Invocation& invocation) { return make_timelines(invocation, *arguments); };
}

}  // namespace audio_ident::cli
