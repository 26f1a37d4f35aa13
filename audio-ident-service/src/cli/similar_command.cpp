#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/find_track.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/vibe_answer.hpp"
#include "search/identify.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::cli {
namespace {

struct SimilarArguments {
    std::string track;
    std::string at;
    std::size_t max_results = 10;
    double min_similarity = search::kDefaultMinSimilarity;
    bool diverse = false;
};

ExitCode similar(Invocation& invocation, const SimilarArguments& arguments) {
    Services& services = invocation.services();
    const auto catalog = open_catalog(invocation);
    if (!catalog) return fail_with(catalog.error());
    const auto deadline = services.deadline();
    const auto track = find_track(**catalog, arguments.track, deadline);
    if (!track) return fail_with(track.error());
    if (!*track) {
        note("no track has the id or path {}; `audio-ident tracks list` shows them",
             one_line(util::path_to_text(arguments.track)));
        return ExitCode::fatal;
    }
    const auto at = arguments.at.empty() ? std::nullopt : seconds_of(arguments.at);
    if (at && *at > (*track)->duration_seconds) {
        note("the track is {} long", time_text((*track)->duration_seconds));
        return ExitCode::usage;
    }
    const auto library = services.vibe();
    if (!library) return fail_with(library.error());
    const auto lane = (*library)->lane(deadline);
    if (!lane) return fail_with(lane.error());
    const auto found = lane->similar((*track)->id, at,
                                     {.max_results = arguments.max_results,
                                      .min_similarity = arguments.min_similarity,
                                      .order = arguments.diverse ? search::Order::diverse : search::Order::nearest,
                                      .deadline = deadline});
    if (!found) return fail_with(found.error());
    if (!*found) {
        return fail_with({ErrorKind::not_available,
                          "the track is not described by the model " + (*library)->embedder().model().name +
                              " yet; run `audio-ident reembed`",
                          {}});
    }
    std::vector<catalog::Track> rows;
    const auto matches = search::vibe_matches(**catalog, **found, (*library)->embedder().model().name, rows, deadline);
    if (!matches) return fail_with(matches.error());
    if (invocation.json()) {
        print_line(util::json_text(
            boost::json::object{{"track_id", (*track)->id.to_string()}, {"vibe_matches", vibe_json(*matches, rows)}}));
        return ExitCode::fine;
    }
    if (matches->empty()) print_line("nothing in the library sounds like it");
    print_vibe(*matches, rows, "");
    return ExitCode::fine;
}

}  // namespace

void add_similar_command(CLI::App& root, Run& chosen) {
    auto* command = root.add_subcommand("similar", "Find what sounds like a track, or like a moment of it");
    auto arguments = std::make_shared<SimilarArguments>();
    command->add_option("track", arguments->track, "Its id, or the path of its file")->required()->type_name("ID|PATH");
    command->add_option("--at", arguments->at, "Like the ten seconds from here: 80, 1:20 or 1:02:05")
        ->check([](const std::string& text) {
            return seconds_of(text) ? std::string() : "takes seconds, or minutes:seconds";
        })
        ->type_name("TIME");
    add_vibe_options(*command, arguments->max_results, arguments->min_similarity, arguments->diverse);
    command->footer(
        "Examples:\n"
        "  audio-ident similar ~/Music/song.mp3\n"
        "  audio-ident similar 0f8fad5b-d9cb-469f-a165-70867728950e --at 1:20\n"
        "  audio-ident similar --diverse --max-results 20 song.mp3      not twenty times the same");
    command->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return similar(invocation, *arguments); };
    });
}

}  // namespace audio_ident::cli
