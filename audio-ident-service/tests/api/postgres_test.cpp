#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/program.hpp"
#include "support/postgres_server.hpp"

namespace audio_ident::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A user whose catalog is on a server.
class PostgresApi : public ::testing::Test {
  protected:
    ProcessResult run(const std::vector<std::string>& arguments) const { return home_.run(arguments, on_server_); }
    bool finds(const std::filesystem::path& song) const {
        const auto result = run({"search", "--json", song.string()});
        return result.exit_code == 0 &&
               !json_lines(result.out).at(0).as_object().at("exact_matches").as_array().empty();
    }

    Home home_;
    std::string url_ = PostgresServer::shared().new_database();
    ProcessSettings on_server_ = {.environment = {{"POSTGRES_MODE", "external"}, {"DATABASE_URL", url_}}};
};

TEST_F(PostgresApi, IngestsSearchesListsAndIsWell) {
    const auto song = home_.add_song(1, "one.flac");
    const auto early = run({"ingest", song.string()});
    EXPECT_EQ(early.exit_code, 1);
    EXPECT_THAT(early.err, HasSubstr("audio-ident db upgrade"));

    EXPECT_THAT(run({"db", "current"}).out, HasSubstr("none"));
    EXPECT_EQ(run({"db", "upgrade"}).exit_code, 0);
    EXPECT_EQ(run({"db", "current"}).out, run({"db", "heads"}).out);
    const auto ingested = run({"ingest", song.string()});
    EXPECT_EQ(ingested.exit_code, 0) << ingested.err;
    EXPECT_TRUE(finds(song));
    EXPECT_EQ(json_lines(run({"tracks", "list", "--json", "--search", "SONG 1"}).out).at(0).as_object().at("total"), 1);
    const auto well = run({"doctor"});
    EXPECT_EQ(well.exit_code, 0) << well.out;
    EXPECT_THAT(well.out,
                AllOf(HasSubstr("1 track"), HasSubstr("postgresql://audio_ident:***@"), Not(HasSubstr("secret"))));
    EXPECT_FALSE(std::filesystem::exists(home_.data() / "catalog.db"));

    EXPECT_EQ(run({"db", "downgrade", "--yes"}).exit_code, 0);
    EXPECT_EQ(run({"doctor"}).exit_code, 1);
    EXPECT_EQ(run({"db", "upgrade"}).exit_code, 0);
    EXPECT_EQ(run({"ingest", song.string()}).exit_code, 0);
    EXPECT_EQ(run({"db", "reset", "--yes"}).exit_code, 0);
    EXPECT_FALSE(finds(song));
    EXPECT_EQ(run({"ingest", song.string()}).exit_code, 0);
    EXPECT_TRUE(finds(song));
}

TEST_F(PostgresApi, ALibraryMovesToTheServerWithoutAnalysis) {
    const auto song = home_.add_song(1, "one.flac");
    ASSERT_EQ(home_.run({"ingest", song.string()}).exit_code, 0);
    const std::string from = "sqlite://" + (home_.data() / "catalog.db").string();
    const auto copied = run({"db", "copy", "--json", "--from", from});
    EXPECT_EQ(copied.exit_code, 0) << copied.err;
    EXPECT_EQ(copied.err, "") << "the password came from the settings";
    EXPECT_EQ(json_lines(copied.out).at(0).as_object().at("copied"), 1);
    EXPECT_TRUE(finds(song));
    EXPECT_EQ(run({"doctor"}).exit_code, 0);
    EXPECT_EQ(run({"tracks", "show", "--json", song.string()}).out,
              home_.run({"tracks", "show", "--json", song.string()}).out);

    const auto again = home_.run({"db", "copy", "--from", from, "--to", url_});
    EXPECT_EQ(again.exit_code, 2) << again.err;
    EXPECT_THAT(again.err, AllOf(HasSubstr("already"), Not(HasSubstr("secret"))));
    EXPECT_THAT(again.err, HasSubstr("can see the password"));
    EXPECT_EQ(home_.run({"db", "copy"}).exit_code, 2);
    EXPECT_EQ(home_.run({"db", "copy", "--from", "sqlite:///nowhere/catalog.db", "--to", url_}).exit_code, 75);
    EXPECT_EQ(home_.run({"db", "copy", "--from", from, "--to", "mysql://x"}).exit_code, 2);
}

/// The fingerprint index is in the server too.
class PostgresFingerprintsApi : public PostgresApi {
  protected:
    PostgresFingerprintsApi() { on_server_.environment.emplace_back("FINGERPRINT_STORE", "postgresql"); }

    /// What a search finds, without ids and times, which differ from library to library.
    static std::string answer_of(const ProcessResult& result) {
        EXPECT_EQ(result.exit_code, 0) << result.err;
        const auto lines = json_lines(result.out);
        std::string answer;
        for (const auto& value : lines.at(0).as_object().at("exact_matches").as_array()) {
            const auto& match = value.as_object();
            answer += fmt::format("{} {} {} {} {}\n", text_of(match.at("track").as_object().at("title")),
                                  text_of(match.at("confidence")), text_of(match.at("offset_seconds")),
                                  text_of(match.at("aligned_hashes")), text_of(match.at("time_ratio")));
        }
        return answer;
    }
    static std::string text_of(const boost::json::value& value) { return boost::json::serialize(value); }
};

TEST_F(PostgresFingerprintsApi, AnswersAsTheIndexInTheDataFolder) {
    ASSERT_EQ(run({"db", "upgrade"}).exit_code, 0);
    std::vector<std::string> songs;
    for (const int seed : {1, 2, 3}) songs.push_back(home_.add_song(seed, fmt::format("{}.flac", seed)).string());
    const auto beside = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--data-dir", (home_.folder() / "beside").string()});
        return home_.run(arguments);
    };
    const std::string folder = home_.music().string();
    for (const auto& ingested : {run({"ingest", folder}), beside({"ingest", folder})})
        EXPECT_EQ(ingested.exit_code, 0) << ingested.err;
    for (const std::string& song : songs) {
        const std::vector<std::string> search = {"search", "--json", "--mode", "exact", song};
        const std::string answer = answer_of(run(search));
        EXPECT_THAT(answer, HasSubstr("Song "));
        EXPECT_EQ(answer, answer_of(beside(search))) << song;
    }
    EXPECT_EQ(run({"doctor"}).exit_code, 0) << run({"doctor"}).out;
    EXPECT_EQ(run({"rebuild-index"}).exit_code, 0);
    EXPECT_TRUE(finds(songs.front()));
    EXPECT_EQ(run({"db", "reset", "--yes"}).exit_code, 0);
    EXPECT_FALSE(finds(songs.front()));
}

TEST_F(PostgresFingerprintsApi, NeedsTheCatalogThereToo) {
    const auto result = home_.run({"doctor"}, {.environment = {{"FINGERPRINT_STORE", "postgresql"}}});
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("FINGERPRINT_STORE is postgresql"), HasSubstr("POSTGRES_MODE")));
}

TEST(PostgresOutage, AServerThatIsNotThereIsExit75WithinSeconds) {
    Home home;
    const auto song = home.add_song(1, "one.flac").string();
    const ProcessSettings gone = {
        .environment = {{"POSTGRES_MODE", "external"}, {"DATABASE_URL", "postgresql://me:s3cret@127.0.0.1:1/music"}}};
    for (const auto& arguments : {std::vector<std::string>{"ingest", song}, {"search", song}, {"db", "upgrade"}}) {
        const auto result = home.run(arguments, gone);
        EXPECT_EQ(result.exit_code, 75) << arguments.front();
        EXPECT_THAT(result.err, AllOf(HasSubstr("cannot reach PostgreSQL at postgresql://me:***@127.0.0.1:1/music"),
                                      HasSubstr("make docker-up"), Not(HasSubstr("s3cret"))));
    }
    EXPECT_EQ(home.run({"doctor"}, gone).exit_code, 1);
}

}  // namespace
}  // namespace audio_ident::test
