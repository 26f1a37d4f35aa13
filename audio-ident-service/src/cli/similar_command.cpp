#include <boost/json/object.hpp>

#include "cli/command.hpp"
#include "cli/find_track.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/vibe_answer.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

struct SimilarArguments {
    std::string track;
    std::string at;
    std::size_t max_results = 10;
    double min_similarity = search::kDefaultMinSimilarity;
    bool diverse = false;
};

ExitCode print_similar(const catalog::Track& track, const library::SoundMatches& found, bool json) {
    if (json) {
        print_line(util::json_text(
            boost::json::object{{"track_id", track.id.to_string()}, {"vibe_matches", vibe_json(found)}}));
        return ExitCode::fine;
    }
    if (found.matches.empty()) print_line("nothing in the library sounds like it");
    print_vibe(found, "");
    return ExitCode::fine;
}

ExitCode similar(Invocation& invocation, const SimilarArguments& arguments) {
    library::Library& library = invocation.library();
    const auto deadline = invocation.deadline();
    const auto track = find_track(library, arguments.track, deadline);
    if (!track) return fail_with(track.error());
    if (!*track) {
        note_no_track(arguments.track);
        return ExitCode::fatal;
    }
    const auto at = arguments.at.empty() ? std::nullopt : seconds_of(arguments.at);
    if (at && *at > (*track)->duration_seconds) {
        note("the track is {} long", time_text((*track)->duration_seconds));
        return ExitCode::usage;
    }
    const auto found =
        library.similar({.track = (*track)->id,
                         .at_seconds = at,
                         .options = {.max_results = arguments.max_results,
                                     .min_similarity = arguments.min_similarity,
                                     .order = arguments.diverse ? search::Order::diverse : search::Order::nearest,
                                     .deadline = deadline}});
    if (!found) return fail_with(found.error());
    return print_similar(**track, *found, invocation.json());
}

}  // namespace

void add_similar_command(Command& root) {
    auto& command = root.add_command("similar", "Find tracks that sound like a track, or like a moment of it");
    auto arguments = std::make_shared<SimilarArguments>();
    command.add({.names = "track",
                 .into = &arguments->track,
                 .help = "Id of the track, or path of its file",
                 .type_name = "ID|PATH",
                 .required = true});
    command.add({.names = "--at",
                 .into = &arguments->at,
                 .help = "Compare with the ten seconds that begin here: 80, 1:20 or 1:02:05",
                 .type_name = "TIME",
                 .problem = [](const std::string& text) {
                     return seconds_of(text) ? std::string() : "needs seconds, or minutes:seconds";
                 }});
    add_vibe_options(command, arguments->max_results, arguments->min_similarity, arguments->diverse);
    command.footer =
        "Examples:\n"
        "  audio-ident similar ~/Music/song.mp3\n"
        "  audio-ident similar 0f8fad5b-d9cb-469f-a165-70867728950e --at 1:20\n"
        "  audio-ident similar --diverse --max-results 20 song.mp3      tracks that differ from each other";
    command.run = [arguments](Invocation& invocation) { return similar(invocation, *arguments); };
}

}  // namespace audio_ident::cli
