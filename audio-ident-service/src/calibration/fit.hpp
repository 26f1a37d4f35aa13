#pragma once

#include <span>

#include "search/calibration.hpp"

namespace audio_ident::calibration {

/// A search with a known answer: the confidence of the best match as shipped, 0 when nothing was found, and whether it was
/// right.
struct Outcome {
    double confidence = 0;
    bool right = false;
};

/// The calibration under which the outcomes are likeliest (Platt 1999), held near the default by as much as some forty
/// outcomes weigh: without any outcomes it is the default.
search::Calibration fit(std::span<const Outcome> outcomes);

/// Mean gap between confidence and share of right answers over fifteen bins, weighted by the outcomes in each.
double calibration_error(std::span<const Outcome> outcomes, const search::Calibration& calibration);

}  // namespace audio_ident::calibration
