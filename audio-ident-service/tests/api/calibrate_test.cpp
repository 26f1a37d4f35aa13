#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/program.hpp"

namespace audio_ident::test {
namespace {

using ::testing::HasSubstr;

TEST(Calibrate, MeasuresKeepsAndForgets) {
    Home home;
    for (int i = 1; i <= 5; ++i) home.add_song(i, fmt::format("{}.flac", i), 20);
    ASSERT_EQ(home.run({"ingest", home.music().string()}).exit_code, 0);
    EXPECT_THAT(home.run({"doctor"}).out, HasSubstr("as shipped"));

    const auto measured = home.run({"doctor", "--calibrate", "--json"});
    ASSERT_EQ(measured.exit_code, 0) << measured.err;
    const auto answer = json_lines(measured.out).at(0).as_object();
    EXPECT_LE(answer.at("calibration_error_after").to_number<double>(), 0.1);
    for (const auto& cell : answer.at("cells").as_array()) {
        if (cell.as_object().at("clips").as_string() != "all") continue;
        EXPECT_EQ(cell.as_object().at("known").to_number<int>(), 5 * 8);
        EXPECT_GE(cell.as_object().at("accepted").to_number<int>(), 30);
    }
    EXPECT_THAT(home.run({"doctor"}).out, HasSubstr("measured on this library"));
    const auto file = (home.music() / "1.flac").string();
    EXPECT_FALSE(
        json_lines(home.run({"search", "--json", file}).out).at(0).as_object().at("exact_matches").as_array().empty());
    EXPECT_EQ(home.run({"doctor", "--forget-calibration"}).exit_code, 0);
    EXPECT_THAT(home.run({"doctor"}).out, HasSubstr("as shipped"));
}

TEST(Calibrate, SaysWhenTheLibraryIsTooSmall) {
    Home home;
    const auto song = home.add_song(1, "one.flac", 20).string();
    ASSERT_EQ(home.run({"ingest", song}).exit_code, 0);
    const auto refused = home.run({"doctor", "--calibrate"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("at least 5"));
    EXPECT_EQ(home.run({"doctor", "--tracks", "9"}).exit_code, 2);
}

}  // namespace
}  // namespace audio_ident::test
