#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/program.hpp"
#include "support/files.hpp"

namespace audio_ident::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string value_of(const ProcessResult& result, const char* name) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return std::string(json_lines(result.out).at(0).as_object().at(name).as_object().at("value").as_string());
}

TEST(Config, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
    Home home;
    EXPECT_EQ(value_of(home.run({"config", "--json"}), "LOG_LEVEL"), "info");
    write_file(home.folder() / ".env", "LOG_LEVEL=debug\n");
    EXPECT_EQ(value_of(home.run({"config", "--json"}), "LOG_LEVEL"), "debug");
    const ProcessSettings environment = {.environment = {{"LOG_LEVEL", "warning"}}};
    EXPECT_EQ(value_of(home.run({"config", "--json"}, environment), "LOG_LEVEL"), "warning");
    EXPECT_EQ(value_of(home.run({"config", "--json", "--log-level", "error"}, environment), "LOG_LEVEL"), "error");
    EXPECT_EQ(value_of(home.run({"--set", "LOG_LEVEL=trace", "config", "--json"}, environment), "LOG_LEVEL"), "trace");
    write_file(home.folder() / "other.env", "SERVICE_PORT=4711\n");
    EXPECT_EQ(value_of(home.run({"config", "--json", "--env-file", "other.env"}), "SERVICE_PORT"), "4711");
}

TEST(Config, AWrongValueEndsAnyCommandWithASentence) {
    Home home;
    const auto result = home.run({"tracks", "list"}, {.environment = {{"SERVICE_PORT", "many"}}});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(HasSubstr("SERVICE_PORT"), HasSubstr("many"), HasSubstr("from 0 to 65535")));
}

TEST(Config, SecretsAreNeverShown) {
    Home home;
    const ProcessSettings secrets = {.environment = {{"ADMIN_API_KEY", "s3cret"},
                                                     {"QDRANT_API_KEY", "s3cret"},
                                                     {"POSTGRES_MODE", "external"},
                                                     {"DATABASE_URL", "postgresql://me:s3cret@db/x"}}};
    for (const auto& arguments :
         {std::vector<std::string>{"config"}, {"config", "--json"}, {"tracks", "list"}, {"doctor"}}) {
        const auto result = home.run(arguments, secrets);
        EXPECT_THAT(result.out + result.err, Not(HasSubstr("s3cret"))) << arguments.front();
    }
}

TEST(CommandLine, HelpIsAnAnswerAndNonsenseIsNot) {
    Home home;
    for (const char* command : {"ingest", "search", "tracks", "db", "config", "doctor", "rebuild-index", "version"}) {
        const auto help = home.run({command, "--help"});
        EXPECT_EQ(help.exit_code, 0) << command;
        EXPECT_THAT(help.out, HasSubstr("Usage")) << command;
        EXPECT_EQ(help.err, "") << command;
    }
    EXPECT_EQ(home.run({}).exit_code, 2);
    EXPECT_EQ(home.run({"dance"}).exit_code, 2);
    const auto wrong = home.run({"tracks", "list", "--pages", "3"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_EQ(wrong.out, "");
    EXPECT_THAT(wrong.err, HasSubstr("audio-ident tracks list --help"));
    EXPECT_EQ(json_lines(home.run({"version", "--json"}).out).size(), 1U);
}

TEST(CommandLine, BracketsBelongToTheName) {
    Home home;
    home.add_song(1, "a.flac");
    ASSERT_EQ(home.run({"ingest", "music"}).exit_code, 0);
    const auto added = home.run({"monitor", "add", "[Radio, One]", "http://127.0.0.1:1/sound"});
    EXPECT_EQ(added.exit_code, 0) << added.err;
    const auto listed = home.run({"monitor", "list", "--json"});
    EXPECT_THAT(listed.out, HasSubstr("\"[Radio, One]\"")) << listed.err;
}

TEST(CommandLine, AnAnswerThatCannotBeWrittenIsAFailure) {
    Home home;
    home.prefix = {"bash", "-c", "exec \"$@\" > /dev/full", "full"};
    const auto result = home.run({"version"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("standard output"));
}

}  // namespace
}  // namespace audio_ident::test
