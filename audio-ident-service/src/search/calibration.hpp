#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"

namespace audio_ident::search {

/// Fits the shipped confidence to one library: logit' = slope · logit + offset (Platt 1999). The default changes nothing.
struct Calibration {
    double slope = 1;
    double offset = 0;
    std::string measured_at = {};  ///< ISO 8601, UTC; empty for the default

    /// The probability that a match with this confidence is right, in this library. Never falls as `confidence` grows.
    double apply(double confidence) const;
    /// The confidence that apply() turns into `probability`; 0 and 1 stay.
    double invert(double probability) const;
};

/// A search with a known answer: the best match's confidence, and whether it was right.
struct Outcome {
    double confidence = 0;
    bool right = false;
};

/// The calibration under which the outcomes are likeliest, held near the default by as much as some forty of them weigh.
Calibration fit_calibration(std::span<const Outcome> outcomes);

/// Mean gap between confidence and share of right answers over fifteen bins, weighted by how many fall into each.
double calibration_error(std::span<const Outcome> outcomes, const Calibration& calibration);

/// nullopt when there is no such file. Fails with corrupt when it is damaged.
Result<std::optional<Calibration>> read_calibration(const std::filesystem::path& file);
/// Replaces the file in one step.
Result<void> write_calibration(const std::filesystem::path& file, const Calibration& calibration);

}  // namespace audio_ident::search
