#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <thread>
#include <unistd.h>

#include "api/program.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

boost::json::object ingest(const Home& home, std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), {"ingest", "--json"});
    const auto result = home.run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.err << result.out;
    return result.out.empty() ? boost::json::object() : json_lines(result.out).at(0).as_object();
}

std::int64_t count(const boost::json::object& report, const char* key) {
    return report.at(key).to_number<std::int64_t>();
}

/// The tracks of the library by path, each once.
std::vector<std::string> paths_in_library(const Home& home) {
    const auto listed = home.run({"tracks", "list", "--json", "--per-page", "500"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    std::vector<std::string> paths;
    const auto page = json_lines(listed.out).at(0);
    for (const auto& item : page.as_object().at("items").as_array()) {
        paths.emplace_back(item.as_object().at("file_path").as_string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

TEST(Ingest, TheSecondRunReadsOnlyWhatIsNew) {
    Home home;
    home.add_song(1, "one.flac");
    home.add_song(2, "two.mp3");
    auto report = ingest(home, {home.music().string()}, 0);
    EXPECT_EQ(count(report, "total"), 2);
    EXPECT_EQ(count(report, "ingested"), 2);
    EXPECT_TRUE(report.at("errors").as_array().empty());

    home.add_song(3, "three.ogg");
    report = ingest(home, {home.music().string()}, 0);
    EXPECT_EQ(count(report, "ingested"), 1);
    EXPECT_EQ(count(report, "unchanged"), 2);
    EXPECT_EQ(paths_in_library(home).size(), 3U);
}

TEST(Ingest, DuplicatesAreFineAndNamed) {
    Home home;
    const auto song = home.add_song(1, "one.flac", 30);
    encode(music(1, 30, 22050), home.music() / "same music.mp3", {"-b:a", "128k"});
    fs::copy_file(song, home.music() / "same bytes.flac");
    const auto report = ingest(home, {home.music().string()}, 0);
    EXPECT_EQ(count(report, "ingested"), 1);
    EXPECT_EQ(count(report, "duplicates"), 2);
    EXPECT_EQ(count(ingest(home, {"--allow-duplicates", home.music().string()}, 0), "ingested"), 1)
        << "equal bytes never";
}

TEST(Ingest, EachBadFileHasItsOwnMessageAndTheRestGoesOn) {
    Home home;
    const auto good = home.add_song(1, "good.flac");
    const auto& music_folder = home.music();
    write_file(music_folder / "empty.mp3", "");
    write_file(music_folder / "text.mp3", "only words about music, and more words about music\n");
    write_wav(music_folder / "one sample.wav", silence(1.0 / 44100));
    write_wav(music_folder / "silent.wav", silence(5));
    run_ffmpeg({"-f", "lavfi", "-i", "testsrc=d=2:s=64x64", "-an", (music_folder / "video.mp4").string()});
    fs::create_directory_symlink(music_folder, music_folder / "loop");
    const auto odd = music_folder.string() + "/line\nfeed \xFF.flac";
    fs::copy_file(home.add_song(5, "odd.flac"), odd);
    fs::remove(music_folder / "odd.flac");
    fs::copy_file(home.add_song(6, "six.mp3"), music_folder / "an mp3.wav");
    fs::remove(music_folder / "six.mp3");
    const auto whole = read_file(home.add_song(7, "whole.flac"));
    fs::remove(music_folder / "whole.flac");
    write_file(music_folder / "truncated.flac", std::span(whole).first(whole.size() / 2));
    home.add_song(8, "locked.flac");
    fs::permissions(music_folder / "locked.flac", fs::perms::none);
    if (::geteuid() == 0)  // permissions do not bind the superuser
        home.prefix = {"setpriv", "--bounding-set=-all", "--inh-caps=-all"};

    const auto report = ingest(home, {music_folder.string(), (music_folder / "absent.mp3").string()}, 3);
    std::map<std::string, std::string> errors;
    for (const auto& error : report.at("errors").as_array()) {
        const fs::path file(std::string(error.as_object().at("file").as_string()));
        errors[file.filename().string()] = error.as_object().at("error").as_string();
    }
    EXPECT_THAT(errors["empty.mp3"], HasSubstr("empty"));
    EXPECT_NE(errors["text.mp3"], "");
    EXPECT_THAT(errors["one sample.wav"], HasSubstr("at least 1 s"));
    EXPECT_THAT(errors["silent.wav"], HasSubstr("silent"));
    EXPECT_THAT(errors["locked.flac"], ::testing::ContainsRegex("[Pp]ermission denied"));
    EXPECT_THAT(errors["absent.mp3"], ::testing::ContainsRegex("[Nn]o such file"));
    std::set<std::string> messages;
    for (const auto& [file, message] : errors) messages.insert(message);
    EXPECT_EQ(messages.size(), errors.size()) << "each bad file's message is its own";

    const auto paths = paths_in_library(home);
    EXPECT_THAT(paths, ::testing::IsSupersetOf({good.string(), (music_folder / "an mp3.wav").string(),
                                                (music_folder / "truncated.flac").string(),
                                                music_folder.string() + "/line\nfeed \\xFF.flac"}));
    EXPECT_EQ(paths.size(), 4U);
}

TEST(Ingest, NamesMayComeFromAList) {
    Home home;
    const auto one = home.add_song(1, "one.flac").string();
    const auto two = home.add_song(2, "two.flac").string();
    const auto listed = home.run({"ingest", "--json", "--from-file", "-"}, {.input = one + "\n" + two + "\n"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    EXPECT_THAT(paths_in_library(home), ::testing::ElementsAre(one, two));
    EXPECT_EQ(home.run({"ingest"}).exit_code, 2);
}

TEST(Ingest, ChangedMovedAndVanishedFilesAreFollowed) {
    Home home;
    const auto moved = home.add_song(1, "moved.flac");
    const auto gone = home.add_song(2, "gone.flac");
    ingest(home, {home.music().string()}, 0);
    fs::rename(moved, home.music() / "new name.flac");
    fs::remove(gone);
    auto report = ingest(home, {home.music().string()}, 0);
    EXPECT_EQ(count(report, "moved"), 1);
    EXPECT_EQ(count(report, "vanished"), 1);
    EXPECT_EQ(paths_in_library(home).size(), 2U) << "only --prune removes";
    report = ingest(home, {"--prune", home.music().string()}, 0);
    EXPECT_EQ(count(report, "pruned"), 1);
    EXPECT_THAT(paths_in_library(home), ::testing::ElementsAre((home.music() / "new name.flac").string()));
}

/// The lock is held and the stores are open.
void wait_until_at_work(const Home& home, Process& process) {
    while (process.running() && !fs::exists(home.data() / "fingerprints" / "data.mdb"))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

class InterruptedIngest : public ::testing::Test {
  protected:
    InterruptedIngest() {
        for (int i = 1; i <= kSongs; ++i) home_.add_song(i, fmt::format("{}.wav", i), 15);
    }
    static constexpr int kSongs = 12;
    Home home_;
};

TEST_F(InterruptedIngest, CtrlCEndsItCleanlyAndTheNextRunDoesTheRest) {
    auto process = home_.start({"ingest", "--json", "--threads", "1", home_.music().string()});
    wait_until_at_work(home_, process);
    process.signal(SIGINT);
    const auto result = process.wait();
    EXPECT_EQ(result.exit_code, 130) << result.err;
    const auto report = json_lines(result.out).at(0).as_object();
    EXPECT_TRUE(report.at("interrupted").as_bool());
    const auto stored = count(report, "ingested");
    const auto rest = ingest(home_, {home_.music().string()}, 0);
    EXPECT_EQ(count(rest, "unchanged"), stored) << "what was reported is stored";
    EXPECT_EQ(paths_in_library(home_).size(), static_cast<std::size_t>(kSongs));
}

TEST_F(InterruptedIngest, KilledAtAnyInstantNothingIsLostOrTwice) {
    for (const int milliseconds : {30, 200, 500, 900, 1500}) {
        auto process = home_.start({"ingest", "--threads", "2", home_.music().string()});
        wait_until_at_work(home_, process);
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        if (process.running()) process.signal(SIGKILL);
        process.wait();
    }
    const auto report = ingest(home_, {home_.music().string()}, 0);
    EXPECT_EQ(count(report, "duplicates"), 0);
    const auto paths = paths_in_library(home_);
    EXPECT_EQ(paths.size(), static_cast<std::size_t>(kSongs));
    EXPECT_EQ(std::set<std::string>(paths.begin(), paths.end()).size(), paths.size());
    EXPECT_EQ(home_.run({"doctor"}).exit_code, 0) << home_.run({"doctor"}).out;
    std::vector<std::string> search{"search", "--json"};
    search.insert(search.end(), paths.begin(), paths.end());
    const auto answers = json_lines(home_.run(search).out);
    ASSERT_EQ(answers.size(), paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto& matches = answers[i].as_object().at("exact_matches").as_array();
        ASSERT_FALSE(matches.empty()) << paths[i];
        EXPECT_EQ(matches[0].as_object().at("track").as_object().at("file_path").as_string(), paths[i]);
    }
}

TEST_F(InterruptedIngest, ASecondOneIsToldWhoIsAtWorkOrWaits) {
    auto first = home_.start({"ingest", "--threads", "1", home_.music().string()});
    wait_until_at_work(home_, first);
    const auto refused = home_.run({"ingest", home_.music().string()});
    EXPECT_EQ(refused.exit_code, 75);
    EXPECT_THAT(refused.err, HasSubstr(fmt::format("pid {}", first.pid())));
    const auto waited = home_.run({"ingest", "--json", "--wait", "600", home_.music().string()});
    EXPECT_EQ(waited.exit_code, 0) << waited.err;
    EXPECT_EQ(count(json_lines(waited.out).at(0).as_object(), "unchanged"), kSongs);
    EXPECT_EQ(first.wait().exit_code, 0);
}

}  // namespace
}  // namespace audio_ident::test
