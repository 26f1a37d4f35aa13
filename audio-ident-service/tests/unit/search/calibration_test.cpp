#include "search/calibration.hpp"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>

#include "support/random.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::search {
namespace {

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

// Confidences that overstate: the true logit is `slope` times theirs, plus `offset`.
std::vector<Outcome> outcomes_of(double slope, double offset, int count) {
    test::Random random(5);
    std::vector<Outcome> outcomes;
    for (int i = 0; i < count; ++i) {
        const double x = random.uniform(-6, 6);
        outcomes.push_back({logistic(x), random.uniform() < logistic(slope * x + offset)});
    }
    return outcomes;
}

TEST(Calibration, TheDefaultChangesNothing) {
    for (const double p : {0.0, 0.3, 0.5, 1.0}) {
        EXPECT_EQ(Calibration{}.apply(p), p);
        EXPECT_EQ(Calibration{}.invert(p), p);
    }
}

TEST(Calibration, FindsWhatTheConfidencesOverstate) {
    const auto outcomes = outcomes_of(0.5, -1, 4000);
    const Calibration fitted = fit_calibration(outcomes);
    EXPECT_NEAR(fitted.slope, 0.5, 0.1);
    EXPECT_NEAR(fitted.offset, -1, 0.2);
    EXPECT_LT(calibration_error(outcomes, fitted), 0.03);
    EXPECT_GT(calibration_error(outcomes, {}), 0.1);
    EXPECT_NEAR(fitted.apply(fitted.invert(0.7)), 0.7, 1e-9);
    EXPECT_LT(fitted.apply(0.4), fitted.apply(0.6));
}

TEST(Calibration, AFewOutcomesMoveItLittle) {
    const std::vector<Outcome> few{{0.9, false}, {0.99, true}};
    const Calibration fitted = fit_calibration(few);
    EXPECT_NEAR(fitted.slope, 1, 0.4);
    EXPECT_NEAR(fitted.offset, 0, 0.4);
    EXPECT_NEAR(fit_calibration({}).slope, 1, 1e-9);
    // Without a single right one, a slope still never turns the order round.
    EXPECT_GT(fit_calibration(std::vector<Outcome>(500, {0.999, false})).slope, 0);
}

TEST(Calibration, IsKeptInAFile) {
    const test::TempFolder folder;
    const auto file = folder.path() / "calibration.json";
    const auto none = read_calibration(file);
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    ASSERT_TRUE(write_calibration(file, {0.8, -0.25, "2026-11-22T10:00:00.000000Z"}));
    const auto stored = read_calibration(file);
    ASSERT_TRUE(stored);
    ASSERT_TRUE(*stored);
    EXPECT_EQ((*stored)->slope, 0.8);
    EXPECT_EQ((*stored)->offset, -0.25);
    EXPECT_EQ((*stored)->measured_at, "2026-11-22T10:00:00.000000Z");
    for (const char* damaged :
         {"", "{", R"({"slope":1})", R"({"slope":-1,"offset":0,"measured_at":"","fingerprint_version":2})"}) {
        std::ofstream(file) << damaged;
        EXPECT_EQ(read_calibration(file).error().kind, ErrorKind::corrupt) << damaged;
    }
    EXPECT_FALSE(write_calibration(folder.path() / "absent" / "file", {}));
}

}  // namespace
}  // namespace audio_ident::search
