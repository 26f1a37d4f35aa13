#include "calibration/fit.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "support/random.hpp"

namespace audio_ident::calibration {
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

TEST(Fit, FindsWhatTheConfidencesOverstate) {
    const auto outcomes = outcomes_of(0.5, -1, 4000);
    const search::Calibration fitted = fit(outcomes);
    EXPECT_NEAR(fitted.slope, 0.5, 0.1);
    EXPECT_NEAR(fitted.offset, -1, 0.2);
    EXPECT_LT(calibration_error(outcomes, fitted), 0.03);
    EXPECT_GT(calibration_error(outcomes, {}), 0.1);
    EXPECT_NEAR(fitted.apply(fitted.invert(0.7)), 0.7, 1e-9);
    EXPECT_LT(fitted.apply(0.4), fitted.apply(0.6));
}

TEST(Fit, AFewOutcomesMoveItLittle) {
    const std::vector<Outcome> few{{0.9, false}, {0.99, true}};
    const search::Calibration fitted = fit(few);
    EXPECT_NEAR(fitted.slope, 1, 0.4);
    EXPECT_NEAR(fitted.offset, 0, 0.4);
    EXPECT_NEAR(fit({}).slope, 1, 1e-9);
    // Without a single right one, a slope still never turns the order round.
    EXPECT_GT(fit(std::vector<Outcome>(500, {0.999, false})).slope, 0);
}

}  // namespace
}  // namespace audio_ident::calibration
