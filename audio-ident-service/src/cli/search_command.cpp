#include <cmath>
#include <iostream>
#include <iterator>
#include <span>

#include "api/error_codes.hpp"
#include "cli/command.hpp"
#include "cli/find_track.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/vibe_answer.hpp"
#include "library/in_order.hpp"
#include "search/identify.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {
namespace {

struct SearchArguments {
    std::vector<std::string> files;
    std::string mode = "both";
    std::size_t max_results = 10;
    double min_seconds = search::kDefaultMinSeconds;
    double min_confidence = search::kDefaultMinConfidence;
    bool all = false;
    double min_similarity = search::kDefaultMinSimilarity;
    bool diverse = false;
    std::string text;
};

search::SearchMode mode_of(const std::string& text) {
    if (text == "exact") return search::SearchMode::exact;
    return text == "vibe" ? search::SearchMode::vibe : search::SearchMode::both;
}

/// What one clip gave; its turn to be printed comes when those before it are done.
using Answer = Result<search::Identification>;

std::string json_line(const std::string& file, const Answer& answer) {
    boost::json::object line = {{"file", util::path_to_text(file)}};
    if (!answer) {
        const Error& error = answer.error();
        line["error"] = {{"code", api::error_code_of(error).code},
                         {"message", error.message},
                         {"details", {{"kind", to_string(error.kind)}}}};
        return util::json_text(line);
    }
    auto response = boost::json::value_from(answer->response).as_object();
    auto& matches = response["exact_matches"].as_array();
    for (std::size_t i = 0; i < matches.size(); ++i) {
        matches[i].as_object()["track"].as_object()["file_path"] = answer->tracks[i].file_path;
    }
    response["vibe_matches"] = vibe_json(answer->response.vibe_matches, answer->vibe_tracks);
    for (auto& member : response) line.insert(std::move(member));
    return util::json_text(line);
}

/// How the clip was played, where that is not as recorded.
std::string alteration_text(const search::ExactMatch& match) {
    const auto per_cent = [](double ratio) { return fmt::format("{:+.1f} %", (ratio - 1) * 100); };
    constexpr double kNoticed = 0.002;
    const bool timed = std::abs(match.time_ratio - 1) >= kNoticed;
    const bool pitched = std::abs(match.pitch_ratio - 1) >= kNoticed;
    if (timed && std::abs(match.time_ratio - match.pitch_ratio) < 2 * kNoticed)
        return "played at speed " + per_cent(match.time_ratio);
    std::string text;
    if (timed) text += "played at tempo " + per_cent(match.time_ratio);
    if (pitched) text += (timed ? ", pitch " : "played at pitch ") + per_cent(match.pitch_ratio);
    return text;
}

/// Where in the clip the track is heard, where asked for all.
std::string places_text(const search::ExactMatch& match) {
    std::string text;
    if (match.also_offset_seconds.empty()) return text;
    for (const double offset : match.also_offset_seconds)
        text += (text.empty() ? "also at " : ", ") + time_text(offset);
    return text;
}

void print_text(const std::string& file, const Answer& answer, bool with_heading) {
    if (with_heading) print_line(one_line(util::path_to_text(file)));
    const char* indent = with_heading ? "  " : "";
    if (!answer) {
        note("{}", file_error_text(util::path_to_text(file), answer.error().message));
        if (with_heading) print_line("  could not be searched");
        return;
    }
    const auto& lanes = answer->response.lanes;
    if (lanes.exact && answer->tracks.empty()) {
        print_line(fmt::format("{}{}", indent,
                               lanes.exact == search::LaneState::ok ? "no recording in the library matches"
                                                                    : "which recording it is could not be searched"));
    }
    for (std::size_t i = 0; i < answer->tracks.size(); ++i) {
        const auto& match = answer->response.exact_matches[i];
        print_line(fmt::format("{}{}", indent, name_text(answer->tracks[i])));
        print_line(fmt::format("{}  at {} of {}, {}{}", indent, time_text(match.offset_seconds.value_or(0)),
                               time_text(answer->tracks[i].duration_seconds), confidence_text(match.confidence),
                               match.other_version ? "; likely another version of the one above" : ""));
        for (const std::string& line : {alteration_text(match), places_text(match)}) {
            if (!line.empty()) print_line(fmt::format("{}  {}", indent, line));
        }
        print_line(fmt::format("{}  {}", indent, one_line(answer->tracks[i].file_path)));
    }
    if (!lanes.vibe || lanes.vibe == search::LaneState::unavailable) return;
    if (lanes.vibe != search::LaneState::ok) {
        print_line(fmt::format("{}what sounds like it could not be searched", indent));
    } else if (answer->vibe_tracks.empty()) {
        print_line(fmt::format("{}nothing {}in the library sounds like it", indent, lanes.exact ? "else " : ""));
    } else {
        print_line(fmt::format("{}what sounds like it:", indent));
        print_vibe(answer->response.vibe_matches, answer->vibe_tracks, fmt::format("{}  ", indent));
    }
}

Answer identify_file(const search::IdentifyParts& parts, const std::string& file,
                     const search::IdentifyOptions& options) {
    if (file != "-") return search::identify(parts, std::filesystem::path(file), options);
    const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
    return search::identify(parts, std::as_bytes(std::span(bytes)), options);
}

/// Whether the stores, rather than the clip, are to blame.
bool store_failed(const Answer& answer) {
    return !answer && answer.error().reason == Reason::store_unavailable;
}

search::VibeOptions vibe_options(const SearchArguments& arguments, Deadline deadline) {
    return {.max_results = arguments.max_results,
            .min_similarity = arguments.min_similarity,
            .order = arguments.diverse ? search::Order::diverse : search::Order::nearest,
            .deadline = std::move(deadline)};
}

ExitCode search_text(Invocation& invocation, const SearchArguments& arguments) {
    Services& services = invocation.services();
    const auto catalog = open_catalog(invocation);
    if (!catalog) return fail_with(catalog.error());
    const auto library = services.vibe();
    if (!library) return fail_with(library.error());
    const auto found = (*library)->search_text(arguments.text, vibe_options(arguments, services.deadline()));
    if (!found) return fail_with(found.error());
    std::vector<catalog::Track> rows;
    const auto matches =
        search::vibe_matches(**catalog, *found, (*library)->embedder().model().name, rows, services.deadline());
    if (!matches) return fail_with(matches.error());
    if (invocation.json()) {
        print_line(util::json_text(
            boost::json::object{{"text", arguments.text}, {"vibe_matches", vibe_json(*matches, rows)}}));
    } else if (matches->empty()) {
        print_line("nothing in the library sounds like that");
    } else {
        print_vibe(*matches, rows, "");
    }
    return ExitCode::fine;
}

/// The vibe lane as the library stands, or why there is none.
Result<search::VibeLane> open_lane(const Result<search::VibeLibrary*>& library, search::SearchMode mode,
                                   const Deadline& deadline) {
    if (mode == search::SearchMode::exact) return fail(ErrorKind::not_available, "the vibe lane was not asked");
    if (!library) return forward(library);
    return (*library)->lane(deadline);
}

ExitCode search_files(Invocation& invocation, const SearchArguments& arguments) {
    Services& services = invocation.services();
    const auto mode = mode_of(arguments.mode);
    auto catalog = open_catalog(invocation);
    if (!catalog) return fail_with(catalog.error());
    auto index = services.fingerprints();
    if (!index) return fail_with(index.error());
    const auto calibration = services.calibration();
    if (!calibration) return fail_with(calibration.error());
    const search::ExactLane lane(**index, *calibration);
    search::IdentifyParts parts{services.decoder(), **catalog, lane};
    const auto library = mode == search::SearchMode::exact ? Result<search::VibeLibrary*>() : services.vibe();
    const auto vibe = open_lane(library, mode, services.deadline());
    if (vibe) parts.vibe = search::VibeParts{&(*library)->embedder(), &*vibe};
    else parts.vibe = forward(vibe);
    if (!vibe && mode == search::SearchMode::vibe) return fail_with(vibe.error());
    if (!vibe && mode == search::SearchMode::both && !invocation.json())
        note("without the vibe lane: {}", vibe.error().message);
    search::IdentifyOptions options;
    options.exact.max_results = arguments.max_results;
    options.exact.min_confidence = arguments.min_confidence;
    options.exact.all = arguments.all;
    options.exact.deadline = Deadline::never(services.stop_token());
    options.vibe = vibe_options(arguments, Deadline::never(services.stop_token()));
    options.min_seconds = arguments.min_seconds;
    options.mode = mode;

    bool some_failed = false;
    bool unavailable = false;
    const auto print = [&](std::size_t i, const Answer& answer) {
        some_failed = some_failed || !answer;
        unavailable = unavailable || store_failed(answer);
        if (invocation.json()) print_line(json_line(arguments.files[i], answer));
        else print_text(arguments.files[i], answer, arguments.files.size() > 1);
        std::fflush(stdout);
    };
    library::in_order(
        arguments.files.size(), invocation.settings().ingest_threads, services.stop_token(),
        [&](std::size_t i) { return identify_file(parts, arguments.files[i], options); }, print);
    if (unavailable) return ExitCode::unavailable;
    return some_failed ? ExitCode::some_failed : ExitCode::fine;
}

}  // namespace

void add_search_command(CLI::App& root, Run& chosen) {
    auto* command = root.add_subcommand("search", "Identify clips: which recording, at which second of it, how sure");
    auto arguments = std::make_shared<SearchArguments>();
    auto* files =
        command
            ->add_option("files", arguments->files, "Recordings to identify, in any audio format; - is standard input")
            ->type_name("FILE...");
    command->add_option("--mode", arguments->mode, "exact: this recording; vibe: what sounds like it; both (default)")
        ->check(CLI::IsMember({"exact", "vibe", "both"}))
        ->type_name("MODE");
    add_vibe_options(*command, arguments->max_results, arguments->min_similarity, arguments->diverse);
    command
        ->add_option("--text", arguments->text,
                     "With --mode vibe: find what sounds as these words say, where the model reads text")
        ->excludes(files)
        ->type_name("WORDS");
    command->add_flag("--all", arguments->all,
                      "Search the whole clip for every track in it, and name every place of a track that fits");
    command->add_option("--min-seconds", arguments->min_seconds, "Refuse clips shorter than this (default 3)")
        ->check(CLI::Range(search::kShortestClipSeconds, search::kMaxSeconds))
        ->type_name("SECONDS");
    command
        ->add_option("--min-confidence", arguments->min_confidence,
                     fmt::format("Leave out matches less sure than this (default {})", search::kDefaultMinConfidence))
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("0-1");
    command->footer(
        "A clip that is in no recording of the library gets no match: that is an answer, not an error. What sounds "
        "like "
        "it\n"
        "leaves out what it is, where that is sure.\n\n"
        "Examples:\n"
        "  audio-ident search recording.webm\n"
        "  audio-ident search --all evening-mix.mp3               every track that is heard in it\n"
        "  audio-ident search --json --mode exact a.wav b.mp3     one object a line, in this order\n"
        "  audio-ident search --mode vibe --diverse clip.webm      what sounds like it, but not all alike\n"
        "  audio-ident search --mode vibe --text \"slow dreamy piano\"\n"
        "  ffmpeg -v error -i talk.mp4 -t 10 -f wav - | audio-ident search -");
    command->callback([&chosen, arguments] {
        if (arguments->files.empty() && arguments->text.empty()) throw CLI::RequiredError("files");
        if (!arguments->text.empty() && arguments->mode != "vibe") throw CLI::RequiresError("--text", "--mode vibe");
        chosen = [arguments](Invocation& invocation) {
            return arguments->text.empty() ? search_files(invocation, *arguments) : search_text(invocation, *arguments);
        };
    });
}

}  // namespace audio_ident::cli
