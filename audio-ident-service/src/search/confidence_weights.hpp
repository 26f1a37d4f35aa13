#pragma once

// Written by eval/train_confidence.py: 16208 searches, clips of 164 recordings.

#include <array>

#include "search/confidence.hpp"

namespace audio_ident::search {

/// In the order of kConfidenceInputNames; the last is the constant.
using ConfidenceWeights = std::array<double, kConfidenceInputs + 1>;

// clang-format off
inline constexpr ConfidenceWeights kPlainWeights{2.07658, 3.84182, 3.08919, 2.5497, -5.19593, 2.03063, 0.851445, 3.17626, 0.873079, 0.579451, 0.170673, -1.33452, -0.0449311, -23.3364};
inline constexpr ConfidenceWeights kTransformedWeights{1.63765, 1.95564, 2.73167, 1.5316, 1.00251, -0.272961, 2.68444, 4.58996, 0.147281, -0.83989, 0.250802, -1.55345, -0.044545, -16.8486};
// clang-format on

}  // namespace audio_ident::search
