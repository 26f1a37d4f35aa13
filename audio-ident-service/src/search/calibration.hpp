#pragma once

#include <optional>
#include <string>

#include "catalog/document_store.hpp"
#include "core/result.hpp"

namespace audio_ident::search {

/// Adapts the shipped confidence to one library: logit' = slope · logit + offset (Platt 1999). calibration::fit()
/// computes it, a search applies it. The default changes nothing.
struct Calibration {
    double slope = 1;
    double offset = 0;
    std::string measured_at = {};  ///< ISO 8601, UTC; empty for the default

    /// The probability that a match with this confidence is right in this library. It never falls as `confidence`
    /// grows.
    double apply(double confidence) const;
    /// The confidence that apply() turns into `probability`. 0 and 1 map to themselves.
    double invert(double probability) const;
};

/// A fit with a smaller slope is rejected: it would reverse the order of the confidences, or nearly level them.
inline constexpr double kLeastSlope = 0.2;

double logit(double probability);
double sigmoid(double logit);

/// The document that holds a library's calibration.
inline constexpr const char* kCalibrationDocument = "calibration.json";
/// nullopt when there is no such document. Fails with corrupt when it is damaged, and as DocumentStore does.
Result<std::optional<Calibration>> read_calibration(catalog::DocumentStore& documents, const Deadline& deadline);
/// Fails as DocumentStore does.
Result<void> write_calibration(catalog::DocumentStore& documents, const Calibration& calibration,
                               const Deadline& deadline);

}  // namespace audio_ident::search
