#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/program.hpp"

namespace audio_ident::test {
namespace {

using ::testing::HasSubstr;

TEST(QdrantOutage, TheServiceDoesNotStartWithoutIt) {
    Home home;
    ASSERT_EQ(home.run({"ingest", home.add_song(1, "one.flac").string()}).exit_code, 0);
    const ProcessSettings gone = {
        .environment = {{"QDRANT_MODE", "external"}, {"QDRANT_URL", "http://127.0.0.1:1"}, {"SERVICE_PORT", "0"}}};
    const auto result = home.run({"serve"}, gone);
    EXPECT_EQ(result.exit_code, 75);
    EXPECT_THAT(result.err, HasSubstr("FATAL: Cannot reach Qdrant at http://127.0.0.1:1. Error: "));
    EXPECT_THAT(result.err, HasSubstr("make docker-up"));
}

TEST(QdrantOutage, TheExactLaneOfTheCommandLineGoesOn) {
    Home home;
    const auto song = home.add_song(1, "one.flac").string();
    ASSERT_EQ(home.run({"ingest", song}).exit_code, 0);
    const ProcessSettings gone = {.environment = {{"QDRANT_MODE", "external"}, {"QDRANT_URL", "http://127.0.0.1:1"}}};
    const auto result = home.run({"search", "--json", song}, gone);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto answer = json_lines(result.out).at(0).as_object();
    EXPECT_EQ(answer.at("exact_matches").as_array().size(), 1U);
    EXPECT_EQ(answer.at("lanes").at("vibe").as_string(), "unavailable");
}

}  // namespace
}  // namespace audio_ident::test
