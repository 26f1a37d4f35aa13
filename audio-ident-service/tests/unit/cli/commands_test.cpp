// Commands over a library in memory.
#include <gmock/gmock.h>

#include "cli/cli.hpp"
#include "support/fake_library.hpp"
#include "support/temp_folder.hpp"
#include "support/tracks.hpp"

namespace audio_ident::cli {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class CommandsTest : public testing::Test {
  protected:
    struct Output {
        int code = 0;
        std::string out;
        std::string err;
    };

    Output run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "audio-ident");
        arguments.insert(arguments.end(), {"--data-dir", (folder_ / "data").string()});
        std::vector<const char*> words;
        for (const auto& argument : arguments) words.push_back(argument.c_str());
        const Program program{
            .version = "1.2.3",
            .components = {},
            .formats = {{"MP3", true}},
            .stop = {},
            .open =
                [this](const config::Settings&) {
                    ++opened_;
                    return std::shared_ptr<library::Library>(&library_, [](library::Library*) {});
                },
            .serve =
                [this](const config::Settings&, const ServeOptions& options, const Listening&) {
                    served_.push_back(options.anonymous_writes);
                    return Result<void>();
                },
        };
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const int code = cli::run(static_cast<int>(words.size()), words.data(), program);
        return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
    }

    library::Match match(double offset = 7.5) const {
        library::Match match{{}, test::make_track(1)};
        match.recording.track = match.track.id;
        match.recording.confidence = 0.97;
        match.recording.offset_seconds = offset;
        return match;
    }
    void find(library::Match match, std::optional<Result<library::SoundMatches>> vibe = std::nullopt) {
        library::Identification found;
        found.exact = std::vector{std::move(match)};
        found.vibe = std::move(vibe);
        library_.on_identify = [found](const auto&, const auto&) { return found; };
    }

    test::TempFolder folder_;
    test::FakeLibrary library_;
    int opened_ = 0;
    std::vector<AnonymousWrites> served_;
};

TEST_F(CommandsTest, ServeRefusesAnonymousWritesUnlessToldOtherwise) {
    run({"serve"});
    run({"serve", "--allow-anonymous-writes=false"});
    run({"serve", "--allow-anonymous-writes"});
    EXPECT_THAT(served_,
                testing::ElementsAre(AnonymousWrites::refuse, AnonymousWrites::refuse, AnonymousWrites::allow));
}

TEST_F(CommandsTest, AFirstGuessAtTheVersionIsRight) {
    for (const char* flag : {"--version", "-V"}) {
        const auto result = run({flag});
        EXPECT_EQ(result.code, 0);
        EXPECT_EQ(result.out, "audio-ident 1.2.3\n");
    }
    EXPECT_THAT(run({"version"}).out, StartsWith("audio-ident 1.2.3\n"));
    EXPECT_EQ(opened_, 0);
}

TEST_F(CommandsTest, AMistypedCommandGetsASuggestion) {
    const auto result = run({"serach", "a.wav"});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("there is no command \"serach\"; did you mean \"search\"?"));
    EXPECT_THAT(run({"search", "--moed", "exact", "a.wav"}).err, HasSubstr("did you mean \"--mode\"?"));
    EXPECT_THAT(run({"serach", "--help"}).err, HasSubstr("did you mean \"search\"?"));
}

TEST_F(CommandsTest, AMissingCommandIsNamed) {
    for (const auto& arguments : {std::vector<std::string>(), std::vector<std::string>{"tracks"}}) {
        const auto result = run(arguments);
        EXPECT_EQ(result.code, 2);
        EXPECT_THAT(result.err, HasSubstr("a command is missing; see `audio-ident"));
    }
    EXPECT_THAT(run({"tracks"}).err, HasSubstr("see `audio-ident tracks --help`"));
    EXPECT_THAT(run({"search"}).err, HasSubstr("FILE is required; see `audio-ident search --help`"));
}

TEST_F(CommandsTest, HelpIsACommandToo) {
    for (const auto& arguments : {std::vector<std::string>{"help", "search"}, {"search", "--help"}}) {
        const auto result = run(arguments);
        EXPECT_EQ(result.code, 0) << result.err;
        EXPECT_THAT(result.out, HasSubstr("--min-confidence"));
    }
    EXPECT_THAT(run({"help"}).out, HasSubstr("Start here:"));
}

TEST_F(CommandsTest, CommandsAreListedWithTheirOptions) {
    EXPECT_THAT(run({"commands"}).out, HasSubstr("\naudio-ident tracks list "));
    const auto json = run({"commands", "--json"}).out;
    EXPECT_THAT(json, HasSubstr(R"({"command":"audio-ident tracks list","help":)"));
    EXPECT_THAT(json,
                HasSubstr(R"({"names":["--mode"],"positional":false,"value":"MODE",)"
                          R"("values":["exact","vibe","both","stations"],"required":false,"repeats":false,"help":)"));
    EXPECT_THAT(json, HasSubstr(R"({"names":["--yes","-y"],"positional":false,"value":null,)"));
    EXPECT_THAT(json, HasSubstr(R"({"names":["files"],"positional":true,"value":"FILE...",)"));
    EXPECT_THAT(json, HasSubstr(R"("commands":["list","show","remove"]})"));
}

TEST_F(CommandsTest, TheHelpShowsTheChoicesOfASetting) {
    EXPECT_THAT(run({"--help"}).out, HasSubstr("--log-format text|json "));
}

TEST_F(CommandsTest, SearchSaysWhereTheClipAndTheTrackMeet) {
    find(match());
    const auto result = run({"search", "--mode", "exact", "a.wav"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("  at 0:07.5 of "));
    EXPECT_THAT(result.out, HasSubstr(", certain (97 %)\n"));
    EXPECT_THAT(result.out, EndsWith("  " + match().track.file_path + "\n"));
    find(match(-3));
    EXPECT_THAT(run({"search", "--mode", "exact", "a.wav"}).out, HasSubstr("  begins 3.0 s into the clip, certain"));
}

TEST_F(CommandsTest, SearchAllSaysWhereInTheClip) {
    auto twice = match(0);
    twice.recording.also_offsets = {-twice.track.duration_seconds};
    twice.recording.matched = {{0, 2 * twice.track.duration_seconds}};
    find(twice);
    EXPECT_THAT(run({"search", "--mode", "exact", "a.wav"}).out, Not(HasSubstr("of the clip")));
    const auto all = run({"search", "--all", "--mode", "exact", "a.wav"}).out;
    EXPECT_THAT(all, HasSubstr("from 0:00.0 to "));
    EXPECT_THAT(all, HasSubstr(" of the clip: the track from 0:00.0\n"));
    EXPECT_THAT(all, Not(HasSubstr("-")));
}

TEST_F(CommandsTest, SearchInJsonKeepsTheOffset) {
    find(match(-3));
    const auto result = run({"--json", "search", "--mode", "exact", "a.wav"});
    EXPECT_THAT(result.out, StartsWith("{\"file\":\"a.wav\",\"request_id\":\""));
    EXPECT_THAT(result.out, HasSubstr("\"offset_seconds\":-3"));
    EXPECT_THAT(result.out, HasSubstr("\"lanes\":{\"exact\":\"ok\",\"vibe\":null}"));
    EXPECT_THAT(result.out, HasSubstr("\"file_path\":\"" + match().track.file_path + "\""));
}

TEST_F(CommandsTest, SearchWithoutAVibeLaneSaysSoOnce) {
    library_.model = Unexpected(Error{ErrorKind::not_available, "no model", Reason::lane_unavailable});
    find(match(), Result<library::SoundMatches>(
                      Unexpected(Error{ErrorKind::not_available, "no model", Reason::lane_unavailable})));
    const auto both = run({"search", "a.wav", "b.wav"});
    EXPECT_EQ(both.code, 0);
    EXPECT_EQ(both.err, "audio-ident: only the exact lane is available: no model\n");
    EXPECT_THAT(both.out, Not(HasSubstr("no model")));
    const auto vibe = run({"search", "--mode", "vibe", "a.wav"});
    EXPECT_EQ(vibe.code, 75);
    EXPECT_THAT(vibe.out, IsEmpty());
}

TEST_F(CommandsTest, SearchTellsTheClipsFaultFromTheStores) {
    Error error{ErrorKind::invalid_input, "too short", Reason::audio_too_short};
    library_.on_identify = [&](const auto&, const auto&) -> Result<library::Identification> {
        return Unexpected(error);
    };
    const auto clip = run({"--json", "search", "--mode", "exact", "a.wav"});
    EXPECT_EQ(clip.code, 3);
    EXPECT_THAT(clip.out, HasSubstr("\"code\":\"AUDIO_TOO_SHORT\""));
    error = {ErrorKind::corrupt, "damaged", Reason::store_unavailable};
    const auto store = run({"--json", "search", "--mode", "exact", "a.wav"});
    EXPECT_EQ(store.code, 75);
    EXPECT_THAT(store.out, HasSubstr("\"code\":\"SERVICE_UNAVAILABLE\""));
}

TEST_F(CommandsTest, WithoutALibraryNoClipIsTried) {
    library_.failure = Error{ErrorKind::not_available, "there is no library", {}};
    const auto result = run({"search", "a.wav", "b.wav"});
    EXPECT_EQ(result.code, 75);
    EXPECT_EQ(result.err, "audio-ident: there is no library\n");
}

TEST_F(CommandsTest, IngestPassesOnWhatWasAsked) {
    library_.ingest_report = ingest::IngestReport{};
    EXPECT_EQ(run({"ingest", "--prune", "--no-embed", "--wait", "7", "music"}).code, 0);
    ASSERT_EQ(library_.ingest_requests.size(), 1U);
    const auto& request = library_.ingest_requests[0];
    EXPECT_THAT(request.paths, ElementsAre("music"));
    EXPECT_EQ(request.prune, ingest::Prune::remove);
    EXPECT_EQ(request.vectors, library::Vectors::none);
    EXPECT_EQ(library_.turns[0].purpose, "audio-ident ingest");
    EXPECT_EQ(library_.turns[0].wait, std::chrono::seconds(7));
    EXPECT_EQ(library_.turns[0].priority, library::Priority::interactive);
}

TEST_F(CommandsTest, SearchAndIngestTakeTheStreamThatIsNamed) {
    std::optional<int> searched;
    library_.on_identify = [&](const auto&, const library::IdentifyRequest& request) {
        searched = request.stream;
        return library::Identification{};
    };
    EXPECT_EQ(run({"search", "--mode", "exact", "--stream", "2", "a.mkv"}).code, 0);
    EXPECT_EQ(searched, 2);
    library_.ingest_report = ingest::IngestReport{};
    EXPECT_EQ(run({"ingest", "--stream", "3", "a.mkv"}).code, 0);
    EXPECT_EQ(library_.ingest_requests.at(0).stream, 3);
    EXPECT_EQ(run({"ingest", "--stream", "0", "a.mkv"}).code, 2);
}

TEST_F(CommandsTest, IngestTellsWhatAPersonShouldKnowOfAFile) {
    ingest::IngestReport report;
    report.file_notes = {{"/music/a.mp3", ingest::FileNote::About::damage, "ends after 21.6 of 45.8 s"}};
    library_.ingest_report = report;
    EXPECT_THAT(run({"ingest", "music"}).out, HasSubstr("\n/music/a.mp3: ends after 21.6 of 45.8 s\n"));
    EXPECT_THAT(
        run({"--json", "ingest", "music"}).out,
        HasSubstr(R"("file_notes":[{"file":"/music/a.mp3","about":"damage","note":"ends after 21.6 of 45.8 s"}])"));
}

TEST_F(CommandsTest, DamagedFilesAreToldByDoctorAndList) {
    library_.tracks = {test::make_track(1), test::make_track(2)};
    for (auto& track : library_.tracks) track.state = catalog::TrackState::ready;
    EXPECT_THAT(run({"doctor"}).out, Not(HasSubstr("damaged files")));
    library_.tracks[1].duration_seconds = 21.6;
    library_.tracks[1].stated_seconds = 45.8;
    library_.tracks[1].damaged_frames = 14;
    const std::string damage = library_.tracks[1].file_path + " ends after 21.6 of 45.8 s, 14 frames damaged";
    EXPECT_THAT(run({"doctor"}).out, HasSubstr("note  damaged files      1 file: " + damage));
    const auto list = run({"tracks", "list", "--damaged"});
    EXPECT_THAT(list.out, HasSubstr("ends after 21.6 of 45.8 s, 14 frames damaged"));
    EXPECT_THAT(list.out, Not(HasSubstr(library_.tracks[0].title)));
}

TEST_F(CommandsTest, RemoveNamesTracksByIdAndPath) {
    library_.tracks = {test::make_track(1), test::make_track(2), test::make_track(3)};
    const auto result = run(
        {"tracks", "remove", "--yes", library_.tracks[0].id.to_string(), library_.tracks[2].file_path, "/nowhere.mp3"});
    EXPECT_EQ(result.code, 3);
    EXPECT_EQ(result.out, "2 tracks removed\n");
    EXPECT_THAT(result.err, HasSubstr("no track has the id or path /nowhere.mp3"));
    ASSERT_EQ(library_.tracks.size(), 1U);
    EXPECT_EQ(library_.tracks[0].id, test::make_track(2).id);
}

TEST_F(CommandsTest, DoctorPutsAllChecksTogether) {
    library_.fake_upkeep.comparison->missing_files = 2;
    const auto note = run({"doctor"});
    EXPECT_EQ(note.code, 0) << note.out;
    EXPECT_THAT(note.out, HasSubstr("2 are missing"));
    library_.fake_upkeep.index_state = Unexpected(Error{ErrorKind::corrupt, "the index is damaged", {}});
    const auto bad = run({"doctor"});
    EXPECT_EQ(bad.code, 1);
    EXPECT_THAT(bad.out, HasSubstr("the index is damaged"));
    EXPECT_THAT(bad.out, HasSubstr("audio-ident rebuild-index"));
}

}  // namespace
}  // namespace audio_ident::cli
