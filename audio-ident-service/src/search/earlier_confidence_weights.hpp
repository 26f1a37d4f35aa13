#pragma once

#include "search/confidence_weights.hpp"

namespace audio_ident::search {

// For tracks whose fingerprints are of version 2: what eval/train_confidence.py had fitted for them (2026-11-23).
// clang-format off
inline constexpr ConfidenceWeights kEarlierPlainWeights{2.03608, 5.43185, 3.1588, 2.02795, -6.29791, 2.01977, 1.82855, 2.27806, 0.440829, -0.716713, 0.340839, 2.32701, 0.830175, -0.588029, -0.0471629, -20.2618};
inline constexpr ConfidenceWeights kEarlierTransformedWeights{0.0706981, 2.40532, 1.20961, 1.47617, -2.26657, 0.0884896, 0.561046, 6.03022, -1.14437, -1.85747, -0.365916, 1.9123, 1.51709, -0.15393, 0.054724, -8.78536};
// clang-format on

}  // namespace audio_ident::search
