#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "api/program.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class StoresTest : public ::testing::Test {
  protected:
    StoresTest() {
        song_ = home_.add_song(1, "one.flac").string();
        EXPECT_EQ(home_.run({"ingest", song_}).exit_code, 0);
    }

    bool finds_the_song(const Home& home) {
        const auto result = home.run({"search", "--json", song_});
        return result.exit_code == 0 &&
               !json_lines(result.out).at(0).as_object().at("exact_matches").as_array().empty();
    }

    Home home_;
    std::string song_;
};

TEST_F(StoresTest, AFullDiskFailsTheIngestAndLosesNothing) {
    const auto more = home_.add_song(2, "two.flac", 60).string();
    const auto used = fs::file_size(home_.data() / "fingerprints" / "data.mdb");
    home_.prefix = {"bash", "-c", fmt::format("ulimit -f {}; exec \"$@\"", used / 1024), "limited"};
    const auto result = home_.run({"ingest", more});
    home_.prefix = {};
    EXPECT_EQ(result.exit_code, 75) << result.err << result.out;
    EXPECT_NE(result.err, "");
    EXPECT_TRUE(finds_the_song(home_));
    EXPECT_EQ(home_.run({"ingest", more}).exit_code, 0) << "with space again it continues";
    EXPECT_EQ(home_.run({"doctor"}).exit_code, 0);
}

TEST_F(StoresTest, AReadOnlyDataFolderIsSaidToBeSoAndLosesNothing) {
    for (const auto& entry : fs::recursive_directory_iterator(home_.data())) {
        fs::permissions(entry, fs::perms::owner_write, fs::perm_options::remove);
    }
    fs::permissions(home_.data(), fs::perms::owner_write, fs::perm_options::remove);
    if (::geteuid() == 0) home_.prefix = {"setpriv", "--bounding-set=-all", "--inh-caps=-all"};
    for (const char* command : {"ingest", "search"}) {
        const auto refused = home_.run({command, song_});
        EXPECT_EQ(refused.exit_code, 75) << command;
        EXPECT_THAT(refused.err, HasSubstr(home_.data().string())) << command;
        EXPECT_THAT(refused.err, ::testing::ContainsRegex("read-only|[Pp]ermission denied")) << command;
    }
    EXPECT_NE(home_.run({"doctor"}).exit_code, 0);
    home_.prefix = {};
    fs::permissions(home_.data(), fs::perms::owner_write, fs::perm_options::add);
    for (const auto& entry : fs::recursive_directory_iterator(home_.data())) {
        fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add);
    }
    EXPECT_TRUE(finds_the_song(home_));
}

TEST_F(StoresTest, ALostIndexIsNoticedAndRebuiltFromTheFiles) {
    fs::remove_all(home_.data() / "fingerprints");
    EXPECT_FALSE(finds_the_song(home_));
    const auto sick = home_.run({"doctor"});
    EXPECT_EQ(sick.exit_code, 1);
    EXPECT_THAT(sick.out, HasSubstr("audio-ident rebuild-index"));

    const auto before = home_.run({"tracks", "show", "--json", song_}).out;
    const auto rebuilt = home_.run({"rebuild-index"});
    EXPECT_EQ(rebuilt.exit_code, 0) << rebuilt.err;
    EXPECT_TRUE(finds_the_song(home_));
    EXPECT_EQ(home_.run({"doctor"}).exit_code, 0);
    EXPECT_EQ(json_lines(home_.run({"tracks", "show", "--json", song_}).out).at(0).as_object().at("id"),
              json_lines(before).at(0).as_object().at("id"))
        << "tracks keep their ids";
}

TEST_F(StoresTest, ADamagedIndexIsRefusedAndRebuilt) {
    write_file(home_.data() / "fingerprints" / "data.mdb", std::string(100'000, 'x'));
    const auto searched = home_.run({"search", song_});
    EXPECT_NE(searched.exit_code, 0);
    EXPECT_THAT(searched.err, HasSubstr("fingerprints"));
    EXPECT_EQ(home_.run({"rebuild-index"}).exit_code, 0);
    EXPECT_TRUE(finds_the_song(home_));
}

TEST_F(StoresTest, ACatalogOfANewerVersionIsLeftAlone) {
    ASSERT_EQ(
        run_process({"/usr/bin/python3", "-c",
                     "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
                     "c.execute(\"insert into schema_migrations select 99, '0099_future', applied_at, checksum from "
                     "schema_migrations limit 1\"); c.commit()",
                     (home_.data() / "catalog.db").string()})
            .exit_code,
        0);
    for (const char* command : {"search", "ingest"}) {
        const auto result = home_.run({command, song_});
        EXPECT_EQ(result.exit_code, 1) << command << result.err;
        EXPECT_THAT(result.err, HasSubstr("newer"));
    }
    EXPECT_EQ(home_.run({"doctor"}).exit_code, 1);
}

TEST_F(StoresTest, DbCommandsGoUpAndDownAndEmpty) {
    EXPECT_EQ(home_.run({"db", "current"}).out, home_.run({"db", "heads"}).out);
    EXPECT_EQ(home_.run({"db", "upgrade"}).exit_code, 0);
    EXPECT_EQ(home_.run({"db", "downgrade"}, {.input = "n\n"}).exit_code, 1) << "asks first";
    EXPECT_TRUE(finds_the_song(home_));
    EXPECT_EQ(home_.run({"db", "downgrade", "--yes", "--steps", "1"}).exit_code, 0);
    EXPECT_NE(home_.run({"db", "current"}).out, home_.run({"db", "heads"}).out);
    EXPECT_EQ(home_.run({"db", "upgrade"}).exit_code, 0);
    EXPECT_EQ(home_.run({"db", "current"}).out, home_.run({"db", "heads"}).out);

    EXPECT_EQ(home_.run({"ingest", song_}).exit_code, 0);
    EXPECT_TRUE(finds_the_song(home_));
    EXPECT_EQ(home_.run({"db", "reset", "--yes"}).exit_code, 0);
    EXPECT_FALSE(finds_the_song(home_));
    EXPECT_TRUE(fs::exists(song_));
    EXPECT_EQ(home_.run({"ingest", song_}).exit_code, 0);
    EXPECT_TRUE(finds_the_song(home_));
}

TEST_F(StoresTest, TracksAreListedAsSorted) {
    const auto second = home_.add_song(2, "two.flac").string();
    EXPECT_EQ(home_.run({"ingest", second}).exit_code, 0);
    const auto first_of = [this](std::vector<std::string> sorting) {
        std::vector<std::string> words = {"tracks", "list", "--json", "--per-page", "1"};
        words.insert(words.end(), sorting.begin(), sorting.end());
        const auto page = json_lines(home_.run(words).out).at(0).as_object();
        return std::string(page.at("items").as_array().at(0).as_object().at("title").as_string());
    };
    EXPECT_EQ(first_of({"--sort", "title"}), "Song 1");
    EXPECT_EQ(first_of({"--sort", "title", "--order", "desc"}), "Song 2");
    EXPECT_EQ(first_of({"--order", "asc"}), "Song 1") << "the first that was added";
    EXPECT_EQ(first_of({}), "Song 2");
    for (const auto& [option, value] : {std::pair{"--sort", "loudness"}, {"--order", "up"}}) {
        const auto wrong = home_.run({"tracks", "list", option, value});
        EXPECT_EQ(wrong.exit_code, 2);
        EXPECT_THAT(wrong.err, HasSubstr(option));
    }
}

TEST_F(StoresTest, TracksAreShownAndRemovedByIdOrPath) {
    const auto second = home_.add_song(2, "two.flac").string();
    EXPECT_EQ(home_.run({"ingest", second}).exit_code, 0);
    const auto shown = json_lines(home_.run({"tracks", "show", "--json", second}).out).at(0).as_object();
    const std::string id(shown.at("id").as_string());
    EXPECT_EQ(shown.at("title").as_string(), "Song 2");
    EXPECT_EQ(
        json_lines(home_.run({"tracks", "list", "--json", "--search", "SONG 2"}).out).at(0).as_object().at("total"), 1);

    EXPECT_EQ(home_.run({"tracks", "remove", id}, {.input = "n\n"}).exit_code, 1);
    EXPECT_EQ(home_.run({"tracks", "remove", "--yes", id}).exit_code, 0);
    EXPECT_EQ(home_.run({"tracks", "show", id}).exit_code, 1);
    EXPECT_TRUE(fs::exists(second));
    EXPECT_EQ(home_.run({"tracks", "remove", "--yes", song_, "no such track"}).exit_code, 3);
    EXPECT_FALSE(finds_the_song(home_));
    EXPECT_EQ(home_.run({"doctor"}).exit_code, 0);
}

}  // namespace
}  // namespace audio_ident::test
