#include <iostream>
#include <iterator>
#include <span>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/search_answer.hpp"
#include "cli/vibe_answer.hpp"
#include "util/in_order.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

using library::Mode;
using library::Places;

struct SearchArguments {
    std::vector<std::string> files;
    std::string mode = "both";
    std::size_t max_results = 10;
    double min_seconds = library::kDefaultMinSeconds;
    double min_confidence = search::kDefaultMinConfidence;
    bool all = false;
    double min_similarity = search::kDefaultMinSimilarity;
    bool diverse = false;
    std::string text;
    std::optional<int> stream;
};

Mode mode_of(const std::string& text) {
    if (text == "exact") return Mode::exact;
    return text == "vibe" ? Mode::vibe : Mode::both;
}

search::Order order_of(const SearchArguments& arguments) {
    return arguments.diverse ? search::Order::diverse : search::Order::nearest;
}

library::IdentifyRequest request_of(const SearchArguments& arguments, const std::stop_token& stop) {
    return {.mode = mode_of(arguments.mode),
            .max_results = arguments.max_results,
            .min_confidence = arguments.min_confidence,
            .min_similarity = arguments.min_similarity,
            .order = order_of(arguments),
            .places = arguments.all ? Places::all : Places::best,
            .min_seconds = arguments.min_seconds,
            .stream = arguments.stream,
            .deadline = Deadline::never(stop)};
}

/// What `search` finds for a file; "-" is standard input.
template <typename Search>
auto search_file(const std::string& file, Search search) {
    if (file != "-") return search(audio::Source(std::filesystem::path(file)));
    const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
    return search(audio::Source(std::as_bytes(std::span(bytes))));
}

/// Whether the failure concerns the stores and not the clip.
bool store_failed(const auto& answer) {
    if (answer.found) return false;
    const Error& error = answer.found.error();
    return error.reason == Reason::store_unavailable || error.reason == Reason::lane_unavailable ||
           (error.reason == Reason::unspecified && error.kind == ErrorKind::not_available);
}

ExitCode search_text(Invocation& invocation, const SearchArguments& arguments) {
    const auto found = invocation.library().search_text(arguments.text, {.max_results = arguments.max_results,
                                                                         .min_similarity = arguments.min_similarity,
                                                                         .order = order_of(arguments),
                                                                         .deadline = invocation.deadline()});
    if (!found) return fail_with(found.error());
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"text", arguments.text}, {"vibe_matches", vibe_json(*found)}}));
    } else if (found->matches.empty()) {
        print_line("nothing in the library sounds like that");
    } else {
        print_vibe(*found, "");
    }
    return ExitCode::fine;
}

/// Prints, before the first answer, what the answers will lack. Fails when no search can work.
Result<void> check_lanes(Invocation& invocation, Mode mode) {
    if (auto searchable = invocation.library().check_searchable(invocation.deadline()); !searchable) return searchable;
    if (mode == Mode::exact) return {};
    const auto model = invocation.library().vibe_model(invocation.deadline());
    if (model) return {};
    if (mode == Mode::vibe) return forward(model);
    if (!invocation.json()) note("only the exact lane is available: {}", model.error().message);
    return {};
}

/// Searches the files at the same time and prints the answers in their order.
template <typename Answer>
ExitCode answer_each(Invocation& invocation, const std::vector<std::string>& files,
                     const std::function<Answer(const std::string&)>& search,
                     const std::function<void(const Answer&)>& print) {
    bool some_failed = false;
    bool unavailable = false;
    const auto answer = [&](std::size_t i) { return search(files[i]); };
    const auto tell = [&](std::size_t, const Answer& answered) {
        some_failed = some_failed || !answered.found;
        unavailable = unavailable || store_failed(answered);
        print(answered);
        std::fflush(stdout);
    };
    util::in_order(files.size(), invocation.settings().ingest_threads, invocation.stop(), answer, tell);
    if (unavailable) return ExitCode::unavailable;
    return some_failed ? ExitCode::some_failed : ExitCode::fine;
}

Heading heading_of(const SearchArguments& arguments) {
    return arguments.files.size() > 1 ? Heading::file : Heading::none;
}

ExitCode search_files(Invocation& invocation, const SearchArguments& arguments) {
    const auto request = request_of(arguments, invocation.stop());
    if (const auto checked = check_lanes(invocation, request.mode); !checked) return fail_with(checked.error());
    library::Library& library = invocation.library();
    return answer_each<ClipAnswer>(
        invocation, arguments.files,
        [&](const std::string& file) -> ClipAnswer {
            return {file, search_file(file, [&](const auto& clip) { return library.identify(clip, request); })};
        },
        [&](const ClipAnswer& answer) {
            if (invocation.json()) print_line(json_line(answer, request.mode));
            else print_answer(answer, request.places, heading_of(arguments));
        });
}

ExitCode search_stations(Invocation& invocation, const SearchArguments& arguments) {
    const auto request = request_of(arguments, invocation.stop());
    library::Library& library = invocation.library();
    return answer_each<StationAnswer>(
        invocation, arguments.files,
        [&](const std::string& file) -> StationAnswer {
            return {file, search_file(file, [&](const auto& clip) { return library.stations(clip, request); })};
        },
        [&](const StationAnswer& answer) {
            if (invocation.json()) print_line(json_line(answer));
            else print_answer(answer, heading_of(arguments));
        });
}

void add_options(Command& command, SearchArguments& arguments) {
    const auto& files = command.add({.names = "files",
                                     .into = &arguments.files,
                                     .help = "Recordings to identify, in any audio format; - is standard input",
                                     .type_name = "FILE..."});
    command.add(
        {.names = "--mode",
         .into = &arguments.mode,
         .help = "exact: this recording; vibe: similar tracks; both (default); stations: which monitor played it",
         .type_name = "MODE",
         .one_of = {"exact", "vibe", "both", "stations"}});
    add_vibe_options(command, arguments.max_results, arguments.min_similarity, arguments.diverse);
    command.add({.names = "--text",
                 .into = &arguments.text,
                 .help = "Find tracks that sound like these words; needs --mode vibe and a model that understands text",
                 .type_name = "WORDS",
                 .excludes = &files});
    command.add({.names = "--all",
                 .into = &arguments.all,
                 .help = "Find every track in the whole clip, of any length, and show where in it each is heard"});
    add_stream_option(command, arguments.stream);
    command.add({.names = "--min-seconds",
                 .into = &arguments.min_seconds,
                 .help = "Refuse clips shorter than this (default 3)",
                 .type_name = "SECONDS",
                 .range = std::pair(search::kShortestClipSeconds, library::kMaxSeconds)});
    command.add(
        {.names = "--min-confidence",
         .into = &arguments.min_confidence,
         .help = fmt::format("Leave out matches less certain than this (default {})", search::kDefaultMinConfidence),
         .type_name = "0-1",
         .range = std::pair(0.0, 1.0)});
}

}  // namespace

void add_search_command(Command& root) {
    auto& command = root.add_command("search", "Identify clips: which recording, which second of it, and how certain");
    auto arguments = std::make_shared<SearchArguments>();
    add_options(command, *arguments);
    command.footer =
        "A clip that is not from a recording in the library gets no match. That is an answer, not an error. Where the\n"
        "recording is certain, similar tracks are those that sound like the recording, without the clip's noise.\n\n"
        "Examples:\n"
        "  audio-ident search recording.webm\n"
        "  audio-ident search --all evening-mix.mp3               every track in the whole recording\n"
        "  audio-ident search --json --mode exact a.wav b.mp3     one object per line, in this order\n"
        "  audio-ident search --mode vibe --diverse clip.webm     similar tracks that differ from each other\n"
        "  audio-ident search --mode vibe --text \"slow dreamy piano\"\n"
        "  audio-ident search --mode stations clip.wav            which of the monitors played it, and when\n"
        "  ffmpeg -v error -i talk.mp4 -t 10 -f wav - | audio-ident search -";
    command.problem = [arguments]() -> std::optional<std::string> {
        if (arguments->files.empty() && arguments->text.empty()) return "FILE is required";
        if (!arguments->text.empty() && arguments->mode != "vibe") return "--text requires --mode vibe";
        if (arguments->all && arguments->mode == "stations") return "--all does not go with --mode stations";
        return std::nullopt;
    };
    command.run = [arguments](Invocation& invocation) {
        if (arguments->mode == "stations") return search_stations(invocation, *arguments);
        return arguments->text.empty() ? search_files(invocation, *arguments) : search_text(invocation, *arguments);
    };
}

}  // namespace audio_ident::cli
