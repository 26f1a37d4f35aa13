#pragma once

// Written by eval/train_confidence.py: 12100 searches, clips of 101 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{2.84204, 3.85227, 2.30237, 2.66887, -2.0998, 1.0854, 0.132251, 2.21432, 1.26139, -0.0231975, 0.0599636, -2.05266, 1.88324, -23.4132};
inline constexpr ConfidenceWeights kTransformedWeights{2.46534, 3.67597, 2.24042, 2.95753, -0.271806, -0.521068, 2.27046, 2.66812, 1.61936, -2.33473, -0.743424, -2.17573, 2.63678, -22.6384};
// clang-format on

}  // namespace audio_ident::search
