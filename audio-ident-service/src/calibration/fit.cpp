#include "calibration/fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace audio_ident::calibration {

namespace {

using search::Calibration;

constexpr double kPrior = 10;  // the curvature of forty outcomes at even odds

// First and second derivatives of the outcomes' negative log likelihood, with the prior.
struct Derivatives {
    double slope = 0;
    double offset = 0;
    double slope_slope = kPrior;
    double slope_offset = 0;
    double offset_offset = kPrior;
};

Derivatives derivatives_at(const Calibration& calibration, std::span<const Outcome> outcomes) {
    Derivatives d{.slope = kPrior * (calibration.slope - 1), .offset = kPrior * calibration.offset};
    for (const Outcome& outcome : outcomes) {
        const double x = search::logit(outcome.confidence);
        const double p = search::sigmoid(calibration.slope * x + calibration.offset);
        const double error = p - (outcome.right ? 1 : 0);
        const double weight = p * (1 - p);
        d.slope += error * x;
        d.offset += error;
        d.slope_slope += weight * x * x;
        d.slope_offset += weight * x;
        d.offset_offset += weight;
    }
    return d;
}

}  // namespace

Calibration fit(std::span<const Outcome> outcomes) {
    Calibration fitted;
    for (int round = 0; round < 50; ++round) {
        const Derivatives d = derivatives_at(fitted, outcomes);
        const double determinant = d.slope_slope * d.offset_offset - d.slope_offset * d.slope_offset;
        const double slope_step = (d.offset_offset * d.slope - d.slope_offset * d.offset) / determinant;
        const double offset_step = (d.slope_slope * d.offset - d.slope_offset * d.slope) / determinant;
        fitted.slope = std::max(search::kLeastSlope, fitted.slope - slope_step);
        fitted.offset -= offset_step;
        if (std::abs(slope_step) + std::abs(offset_step) < 1e-9) break;
    }
    return fitted;
}

double calibration_error(std::span<const Outcome> outcomes, const Calibration& calibration) {
    constexpr std::size_t kBins = 15;
    struct Bin {
        double confidence = 0;
        double right = 0;
    };
    std::array<Bin, kBins> bins;
    for (const Outcome& outcome : outcomes) {
        const double confidence = calibration.apply(outcome.confidence);
        Bin& bin = bins[std::min(static_cast<std::size_t>(confidence * double(kBins)), kBins - 1)];
        bin.confidence += confidence;
        bin.right += outcome.right ? 1 : 0;
    }
    double error = 0;
    for (const Bin& bin : bins) error += std::abs(bin.confidence - bin.right);
    return outcomes.empty() ? 0 : error / double(outcomes.size());
}

}  // namespace audio_ident::calibration
