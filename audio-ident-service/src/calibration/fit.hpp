#pragma once

#include <span>

#include "search/calibration.hpp"

namespace audio_ident::calibration {

/// A search with a known answer: the confidence of the best match, uncalibrated (0 when nothing was found), and whether
/// that match was right.
struct Outcome {
    double confidence = 0;
    bool right = false;
};

/// The calibration under which the outcomes are likeliest (Platt 1999). A prior with the weight of about forty outcomes
/// keeps it near the default; without outcomes it is the default.
search::Calibration fit(std::span<const Outcome> outcomes);

/// Mean difference between confidence and share of right answers over fifteen bins, weighted by their outcomes.
double calibration_error(std::span<const Outcome> outcomes, const search::Calibration& calibration);

}  // namespace audio_ident::calibration
